import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CourierApi } from './courier-api';

const fields = { name: 'Sample', connectionId: 'c', listId: 'LST001', segmentIds: ['S'], mapping: { email: 'Email' } };

describe('the calls of the sample export', () => {
  const answers: [number, object][] = [];
  const asked: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = [];
  let server: Server;
  let api: CourierApi;

  /** Gives the answers one after the other, the last one for good. */
  beforeEach(async () => {
    server = createServer(({ method, url, headers }, response) => {
      asked.push({ method, url, headers });
      const [status, body] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [500, {}];
      response.writeHead(status).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    api = new CourierApi({ connections: url, exports: url }, 'token', new AbortController().signal);
  });
  afterEach(async () => {
    answers.length = asked.length = 0;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  it('ask again where the connection is not known yet, each time on a connection of their own', async () => {
    answers.push([404, { code: 'connection_not_found' }], [404, { code: 'connection_not_found' }], [201, { id: 'e' }]);
    expect(await api.createExport(fields)).toEqual({ id: 'e' });
    expect(asked.map(({ method, url, headers }) => [method, url, headers.connection])).toEqual(
      Array(3).fill(['POST', '/v1/exports', 'close']),
    );
  });

  it('say what was asked and what came where the answer is no', async () => {
    answers.push([422, { code: 'mapping_invalid' }]);
    await expect(api.createExport(fields)).rejects.toThrow(/POST .*exports was answered with 422: .*mapping_invalid/);
    expect(asked).toHaveLength(1);
  });
});
