import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@courier/testing';
import { KlaviyoTransport } from './transport';

const post = { method: 'POST', path: '/api/profile-bulk-import-jobs', apiKey: 'pk', body: Buffer.from('{}') } as const;

/** Whether a call may be repeated depends on it: what was not sent is, what may have arrived is looked for first. */
describe('a call to Klaviyo', () => {
  let ends: AsyncDisposableStack;

  beforeEach(() => {
    ends = new AsyncDisposableStack();
  });
  afterEach(() => ends.disposeAsync());

  function transport(baseUrl: string, callTimeoutMs = 60_000): KlaviyoTransport {
    const made = new KlaviyoTransport({ baseUrl, revision: '2026-07-15', callTimeoutMs, connectionsMax: 1 });
    ends.defer(() => made.close());
    return made;
  }

  async function listening(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.defer(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }
  const tcp = (meet: (socket: Socket) => void) =>
    listening(createTcpServer((socket) => meet(socket.on('error', () => undefined))));
  const http = (answer: RequestListener) => listening(createHttpServer(answer));

  it('is not sent where its host has no address', async () => {
    expect((await transport('http://nowhere.invalid').send(post)).kind).toBe('not_sent');
  });

  it('is not sent where nobody listens', async () => {
    expect(await transport('http://127.0.0.1:1').send(post)).toEqual({ kind: 'not_sent', reason: 'ECONNREFUSED' });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['resets the handshake', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['ends the handshake', (socket) => socket.once('data', () => socket.end())],
    ['speaks no TLS', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ])('is not sent where the server %s', async (_about, meet) => {
    expect((await transport(`https://127.0.0.1:${await tcp(meet)}`).send(post)).kind).toBe('not_sent');
  });

  it('is not sent where the handshake takes longer than the call may', async () => {
    const sink = transport(`https://127.0.0.1:${await tcp(() => undefined)}`, 500);
    expect((await sink.send(post)).kind).toBe('not_sent');
  });

  it.each<[string, RequestListener]>([
    ['resets', ({ socket }) => void socket.resetAndDestroy()],
    ['hangs up', ({ socket }) => void socket.destroy()],
    [
      'breaks off',
      (_request, response) => response.writeHead(202, { 'content-length': '10' }).write('{', () => response.destroy()),
    ],
  ])('has no answer where the server has it and %s', async (_about, answer) => {
    expect((await transport(`http://127.0.0.1:${await http(answer)}`).send(post)).kind).toBe('no_answer');
  });

  it('has its answer after one whose connection the server has closed', async () => {
    let closed = 0;
    const port = await http(({ socket }, response) => {
      socket.once('close', () => (closed += 1));
      response.end('{}', () => socket.end());
    });
    const sink = transport(`http://127.0.0.1:${port}`);
    for (let sent = 1; sent <= 3; sent += 1) {
      expect(await sink.send(post)).toMatchObject({ kind: 'response', status: 200, body: '{}' });
      await until(() => closed === sent);
    }
  });

  it('leaves its connection open for seconds only, however long the server would keep it', async () => {
    const open = new Set<Socket>();
    const port = await http(({ socket }, response) => {
      open.add(socket.once('close', () => open.delete(socket)));
      response.writeHead(200, { connection: 'keep-alive', 'keep-alive': 'timeout=600' }).end('{}');
    });
    await transport(`http://127.0.0.1:${port}`).send(post);
    expect(open.size).toBe(1);
    await until(() => open.size === 0);
  });
});
