import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TcpProxy } from './tcp-proxy';
import { until } from './until';

/** From here on systems give ports to outgoing connections. */
const GIVEN_MIN = 32_768;

describe('the proxy that spoils the network', () => {
  let echo: Server;
  let atServer: Socket[];
  let proxy: TcpProxy;
  let clients: Socket[];

  beforeEach(async () => {
    atServer = [];
    clients = [];
    echo = createServer((socket) => {
      atServer.push(socket);
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    proxy = await TcpProxy.start((echo.address() as AddressInfo).port);
  });

  afterEach(async () => {
    for (const socket of [...clients, ...atServer]) socket.destroy();
    await proxy.stop();
    await new Promise((resolve) => echo.close(resolve));
  });

  async function client() {
    const socket = connect(proxy.port, '127.0.0.1');
    clients.push(socket);
    const seen = { socket, text: '', ended: null as string | null };
    socket.on('data', (chunk) => (seen.text += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => (seen.ended = error.code ?? 'error'));
    socket.on('close', () => (seen.ended ??= 'closed'));
    await once(socket, 'connect');
    return seen;
  }

  it('passes everything on in order, and the end too', async () => {
    const one = await client();
    const long = 'abcdefgh'.repeat(100_000);
    one.socket.write(long);
    await until(() => one.text.length === long.length);
    expect(one.text).toBe(long);
    one.socket.end();
    await until(() => one.ended === 'closed' && atServer[0]?.destroyed === true);
  });

  it('is slow in both directions and keeps the order', async () => {
    const one = await client();
    proxy.slow({ latencyMs: 60 });
    const startedMs = performance.now();
    one.socket.write('first ');
    one.socket.write('second ');
    await until(() => one.text === 'first second ');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(100);
    proxy.slow({ bytesPerSecond: 20_000 });
    const slowedMs = performance.now();
    one.socket.write('x'.repeat(5_000));
    await until(() => one.text.length === 'first second '.length + 5_000);
    expect(performance.now() - slowedMs).toBeGreaterThanOrEqual(450);
  });

  it('swallows what is sent without a word, and that connection stays dead when the network is back', async () => {
    const [old, seenByServer] = [await client(), () => atServer.length];
    old.socket.write('before');
    await until(() => old.text === 'before');
    proxy.swallow();
    const fresh = await client();
    old.socket.write('lost');
    fresh.socket.write('lost too');
    await proxy.heal();
    const healed = await client();
    healed.socket.write('hello');
    await until(() => healed.text === 'hello');
    old.socket.write('still lost');
    expect([old.text, old.ended, fresh.text, fresh.ended]).toEqual(['before', null, '', null]);
    expect(seenByServer()).toBe(3);
    expect(atServer.some(({ destroyed }) => destroyed)).toBe(false);
  });

  it('resets connections on both sides and takes new ones', async () => {
    const one = await client();
    one.socket.write('before');
    await until(() => one.text === 'before');
    proxy.reset();
    await until(() => one.ended === 'ECONNRESET' && atServer[0]?.destroyed === true);
    const two = await client();
    two.socket.write('after');
    await until(() => two.text === 'after');
  });

  it('refuses connections while it is down and comes back at its port, which the system gives to nobody meanwhile', async () => {
    const [one, { port }] = [await client(), proxy];
    await proxy.down();
    await until(() => one.ended !== null);
    await expect(client()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.heal();
    expect(proxy.port).toBe(port);
    expect(port).toBeLessThan(GIVEN_MIN);
    const two = await client();
    two.socket.write('after');
    await until(() => two.text === 'after');
  });
});
