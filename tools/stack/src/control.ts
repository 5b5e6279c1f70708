import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Service } from './service';
import { StackError } from './stack-error';

const TOKEN_BYTES = 24;
const actions = ['start', 'stop', 'restart'] as const;

interface Answer {
  status: number;
  body: object;
}

/**
 * The supervisor's own endpoint, for `ops stack start|stop|restart`. It listens on this machine only and wants the token of the
 * stack file. An action answers when it is done: 200 with the pids and with what waits for an operator, 404 for an unknown service, 500 with what went wrong.
 */
export class Control {
  readonly token = randomBytes(TOKEN_BYTES).toString('hex');
  private server: Server | null = null;

  constructor(private readonly services: ReadonlyMap<string, Service>) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => void this.respond(request, response));
    // An action may take as long as a service needs to start.
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
  }

  close(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    if (!this.isAuthorised(request)) return { status: 401, body: { error: 'the token of the stack file is needed' } };
    const [, name, action] = /^\/services\/([^/]+)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    if (request.method !== 'POST' || !isAction(action)) return { status: 404, body: { error: 'no such route' } };
    const service = this.services.get(name ?? '');
    if (!service) {
      return { status: 404, body: { error: `No service ${name}. There are: ${[...this.services.keys()].join(', ')}.` } };
    }
    try {
      await service[action]();
      const waits = action === 'stop' ? null : await service.waiting();
      return { status: 200, body: { name, urls: service.urls, pids: service.pids, waits } };
    } catch (error) {
      return { status: 500, body: { error: error instanceof StackError ? error.message : String(error) } };
    }
  }

  private isAuthorised({ headers }: IncomingMessage): boolean {
    const given = Buffer.from(headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${this.token}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}

function isAction(action: string | undefined): action is (typeof actions)[number] {
  return (actions as readonly (string | undefined)[]).includes(action);
}
