import type { Connection, Export, Page, Run } from '@courier/contracts';
import { StackError } from './stack-error';

const REQUEST_TIMEOUT_MS = 30_000;
/** The longest the connection's check may take while the request waits. */
const CHECK_WAIT_SECONDS = 20;

interface Call {
  method?: 'GET' | 'POST';
  body?: object;
  headers?: Record<string, string>;
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

  createExport(fields: Pick<Export, 'name' | 'connectionId' | 'listId' | 'segmentIds' | 'mapping'>): Promise<Export> {
    return this.call(`${this.urls.exports}/v1/exports`, { method: 'POST', body: fields });
  }

  async newestRun(exportId: string): Promise<Run | undefined> {
    const { items } = await this.call<Page<Run>>(`${this.urls.exports}/v1/runs?exportId=${encodeURIComponent(exportId)}&limit=1`);
    return items[0];
  }

  private async call<T>(url: string, { method = 'GET', body, headers = {} }: Call = {}): Promise<T> {
    const response = await fetch(url, {
      method,
      // A kept connection may be one that the service is closing: the request would fail without having been sent.
      headers: { authorization: `Bearer ${this.token}`, connection: 'close', 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    const text = await response.text();
    if (!response.ok) throw new StackError(`${method} ${url} was answered with ${response.status}: ${text.slice(0, 1_000)}`);
    return JSON.parse(text) as T;
  }
}
