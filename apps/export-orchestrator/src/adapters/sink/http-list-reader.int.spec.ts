import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpListReader } from './http-list-reader';

const list = { connectionId: '0190e2a4-0000-7000-8000-000000000001', listId: 'LiSt01' };

describe('HttpListReader', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function sink(answer: RequestListener): Promise<HttpListReader> {
    const listening = createServer(answer);
    servers.push(listening);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return new HttpListReader(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/`);
  }

  const problem = (code: string) => JSON.stringify({ code, detail: 'Said the sink.', remedy: 'Do as it says.' });
  const answers =
    (status: number, body: string): RequestListener =>
    (_request, response) =>
      response.writeHead(status).end(body);
  const look = async (answer: RequestListener) => (await sink(answer)).look(list, 'Bearer t');

  it("asks with the caller's own token", async () => {
    const found = await look((request, response) => {
      const told = { id: 'LiSt01', name: `${request.method} ${request.url} ${request.headers.authorization}` };
      response.end(JSON.stringify(told));
    });
    expect(found).toEqual({ kind: 'found', name: `GET /v1/connections/${list.connectionId}/lists/LiSt01 Bearer t` });
  });

  it('asks on a connection of its own each time, so that none meets a sink that is just closing it', async () => {
    const asked = new WeakSet<object>();
    const reader = await sink(({ socket }, response) => {
      if (asked.has(socket)) socket.destroy();
      else response.end('{"id":"LiSt01","name":"Newsletter"}');
      asked.add(socket);
    });
    for (let count = 0; count < 3; count += 1)
      expect(await reader.look(list, 'Bearer t')).toEqual({ kind: 'found', name: 'Newsletter' });
  });

  it.each(['{"id":"LiSt01"}', '{"id":"LiSt01","name":null}', '{"id":"LiSt01","name":""}'])(
    'finds a list without a name: %s',
    async (body) => {
      expect(await look(answers(200, body))).toEqual({ kind: 'found', name: null });
    },
  );

  it('knows that a list does not exist from the word for it alone', async () => {
    expect(await look(answers(404, problem('list_not_found')))).toEqual({ kind: 'not_found' });
    for (const answer of [answers(404, problem('connection_not_found')), answers(409, problem('list_not_found'))]) {
      expect(await look(answer)).toMatchObject({ kind: 'unknown' });
    }
  });

  it.each<[string, string, RequestListener]>([
    ['hangs up', 'sink_unreachable', (request) => request.socket.destroy()],
    [
      'sends it elsewhere',
      'sink_unreachable',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['speaks nonsense', 'sink_unreadable', answers(200, '<html>')],
    ['answers with another thing', 'sink_unreadable', answers(200, '{}')],
    ['is another service', 'sink_unreadable', answers(404, 'Not found')],
    ['cannot reach Klaviyo', 'klaviyo_unreachable', answers(503, problem('klaviyo_unreachable'))],
    ['has a key that is refused', 'invalid_api_key', answers(409, problem('invalid_api_key'))],
  ])('says by name that nobody knows when the sink %s', async (_about, code, answer) => {
    expect(await look(answer)).toEqual({
      kind: 'unknown',
      problem: { code, detail: expect.stringContaining('not checked'), remedy: expect.any(String) },
    });
  });

  it('says by name that nobody knows when the sink is away, or has no address', async () => {
    const away = await new HttpListReader('http://127.0.0.1:1').look(list, 'Bearer t');
    expect(away).toMatchObject({ problem: { code: 'sink_unreachable', detail: expect.stringContaining('klaviyo-sink') } });
    const nowhere = await new HttpListReader(undefined).look(list, 'Bearer t');
    expect(nowhere).toMatchObject({
      problem: { code: 'sink_not_configured', remedy: expect.stringContaining('KLAVIYO_SINK_URL') },
    });
  });
});
