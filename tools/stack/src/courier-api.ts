import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Export, Page, Run } from '@courier/contracts';
import { StackError } from './stack-error';

const REQUEST_TIMEOUT_MS = 30_000;
/** The longest the connection's check may take while the request waits. */
const CHECK_WAIT_SECONDS = 20;
const KNOWN_MAX_MS = 60_000;
const POLL_MS = 250;

interface Call {
  method?: 'GET' | 'POST';
  body?: object;
  headers?: Record<string, string>;
}

interface Answer {
  asked: string;
  ok: boolean;
  status: number;
  text: string;
}

/** The calls of the public HTTP API that the sample export needs. */
export class CourierApi {
  constructor(
    private readonly urls: { connections: string; exports: string },
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  async findConnection(displayName: string): Promise<Connection | undefined> {
    const { items } = await this.call<Page<Connection>>(`${this.urls.connections}/v1/connections?limit=200`);
    return items.find((connection) => connection.displayName === displayName && connection.state === 'connected');
  }

  createConnection(displayName: string, apiKey: string): Promise<Connection> {
    return this.call(`${this.urls.connections}/v1/connections`, {
      method: 'POST',
      headers: { prefer: `wait=${CHECK_WAIT_SECONDS}` },
      body: { displayName, type: 'klaviyo', apiKey, dataPrivacyConsent: { accepted: true } },
    });
  }

  /** A new connection travels by topic, on a slow machine for longer than a request waits: until then it is answered with 404. */
  async createExport(fields: Pick<Export, 'name' | 'connectionId' | 'listId' | 'segmentIds' | 'mapping'>): Promise<Export> {
    const url = `${this.urls.exports}/v1/exports`;
    const deadline = Date.now() + KNOWN_MAX_MS;
    for (;;) {
      const answer = await this.send(url, { method: 'POST', body: fields });
      if (answer.status !== 404 || Date.now() > deadline) return read(answer);
      await sleep(POLL_MS, undefined, { signal: this.signal });
    }
  }

  async newestRun(exportId: string): Promise<Run | undefined> {
    const { items } = await this.call<Page<Run>>(`${this.urls.exports}/v1/runs?exportId=${encodeURIComponent(exportId)}&limit=1`);
    return items[0];
  }

  private async call<T>(url: string, call: Call = {}): Promise<T> {
    return read(await this.send(url, call));
  }

  private async send(url: string, { method = 'GET', body, headers = {} }: Call): Promise<Answer> {
    const response = await fetch(url, {
      method,
      // A kept connection may be one that the service is closing: the request would fail without having been sent.
      headers: { authorization: `Bearer ${this.token}`, connection: 'close', 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    return { asked: `${method} ${url}`, ok: response.ok, status: response.status, text: await response.text() };
  }
}

function read<T>({ asked, ok, status, text }: Answer): T {
  if (!ok) throw new StackError(`${asked} was answered with ${status}: ${text.slice(0, 1_000)}`);
  return JSON.parse(text) as T;
}
