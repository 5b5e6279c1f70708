import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpListReader } from './http-list-reader';

const list = { connectionId: '0190e2a4-0000-7000-8000-000000000001', listId: 'LiSt01' };

describe('HttpListReader', () => {
  let server: Server | null = null;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function sink(answer: RequestListener): Promise<HttpListReader> {
    const listening = createServer(answer);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return new HttpListReader(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/`);
  }

  it("asks with the caller's own token", async () => {
    const reader = await sink((request, response) => {
      const told = { name: `${request.method} ${request.url} ${request.headers.authorization}` };
      response.end(JSON.stringify(told));
    });
    expect(await reader.nameOf(list, 'Bearer t')).toBe(`GET /v1/connections/${list.connectionId}/lists/LiSt01 Bearer t`);
  });

  it('asks on a connection of its own each time, so that none meets a sink that is just closing it', async () => {
    const asked = new WeakSet<object>();
    const reader = await sink(({ socket }, response) => {
      if (asked.has(socket)) socket.destroy();
      else response.end('{"name":"Newsletter"}');
      asked.add(socket);
    });
    for (let count = 0; count < 3; count += 1) expect(await reader.nameOf(list, 'Bearer t')).toBe('Newsletter');
  });

  it.each<[string, RequestListener]>([
    ['does not know the list', (_request, response) => response.writeHead(404).end('{"name":"no"}')],
    ['speaks nonsense', (_request, response) => response.end('<html>')],
    ['leaves the name out', (_request, response) => response.end('{}')],
    ['hangs up', (request) => request.socket.destroy()],
    ['sends it elsewhere', (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ])('knows no name when the sink %s', async (_about, answer) => {
    expect(await (await sink(answer)).nameOf(list, 'Bearer t')).toBeNull();
  });

  it('knows none without an address', async () => {
    expect(await new HttpListReader(undefined).nameOf(list, 'Bearer t')).toBeNull();
  });
});
