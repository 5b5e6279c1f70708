import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { fetchAnew } from './fetch-anew';

let server: Server;
let url: string;

/** Closes each connection just as the second request comes in on it. */
beforeEach(async () => {
  const asked = new WeakSet<object>();
  server = createServer(({ socket, headers }, response) => {
    if (asked.has(socket)) socket.destroy();
    else response.end(headers['x-spec']);
    asked.add(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

it('meets no connection that the service is just closing, and sends the headers that it was given', async () => {
  for (const text of ['one', 'two', 'three']) {
    expect(await (await fetchAnew(url, { method: 'POST', headers: { 'x-spec': text } })).text()).toBe(text);
  }
});
