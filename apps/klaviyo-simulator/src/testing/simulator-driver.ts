import { startSimulator, type RunningSimulator } from '../start-simulator';

export const FULL_KEY = 'pk_simulator_full_access_0001';
export const ROWS_POINTER = '/data/attributes/profiles/data';

export interface Resource {
  id: string;
  type: string;
  attributes: Record<string, unknown>;
  relationships?: Record<string, unknown>;
}

export interface ErrorEntry {
  id: string;
  status: number;
  code: string;
  title: string;
  detail: string;
  source: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Of a document: its resources in an array, also where there is one. */
  data: Resource[];
  body: {
    included?: Resource[];
    links?: { self: string; next: string | null; prev: string | null };
    errors?: ErrorEntry[];
    data?: unknown;
  };
}

export type CallOptions = RequestInit & { key?: string };

// On a slow machine a kept connection may be closed by the simulator just as the next request goes out on it.
const ownConnection = { connection: 'close' };
/** Far more than anything of the simulator takes, also on a machine that is busy with others. */
const EVENTUALLY_MS = 60_000;

export const headersOf = (key: string) => ({
  ...ownConnection,
  Authorization: `Klaviyo-API-Key ${key}`,
  revision: '2026-07-15',
});

export function importBody(attributes: object[], listIds: string[] = ['LST001']): object {
  return {
    data: {
      type: 'profile-bulk-import-job',
      attributes: { profiles: { data: attributes.map((row) => ({ type: 'profile', attributes: row })) } },
      relationships: { lists: { data: listIds.map((id) => ({ type: 'list', id })) } },
    },
  };
}

/** Waits for a condition of the simulator, not for time. */
export async function eventually<T>(probe: () => Promise<T | null>): Promise<T> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < EVENTUALLY_MS) {
    const found = await probe();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`nothing came of ${probe.toString()} within ${EVENTUALLY_MS} ms`);
}

/** A simulator of a spec's own on a free port, and the calls that specs make. */
export class SimulatorDriver {
  private constructor(private readonly simulator: RunningSimulator) {}

  static async start(): Promise<SimulatorDriver> {
    const keys = [{ key: FULL_KEY, scopes: 'all' as const }];
    const lists = [{ id: 'LST001', name: 'Newsletter' }];
    const seed = { accounts: [{ id: 'ACC001', name: 'Simulated Shop', keys, lists }] };
    return new SimulatorDriver(await startSimulator({ port: 0, host: '127.0.0.1', seed }, false));
  }

  get url(): string {
    return this.simulator.url;
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** A fresh world with fast jobs and no limits. */
  async reset(): Promise<void> {
    await this.control('PUT', 'state', { reset: true });
    await this.control('PUT', 'limits', { enabled: false });
    await this.control('PUT', 'job-rules', { queueDelayMs: 5, msPerThousand: 1 });
  }

  async call(path: string, options: CallOptions = {}): Promise<Answer> {
    const { key = FULL_KEY, ...init } = options;
    const headers = { ...headersOf(key), ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(path.startsWith('http') ? path : this.url + path, { ...init, headers });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
    const body = json ? (JSON.parse(text) as Answer['body']) : {};
    const data = body.data === undefined ? [] : ([body.data].flat() as Resource[]);
    return { status: response.status, headers: response.headers, text, data, body };
  }

  submit(attributes: object[], options: CallOptions = {}): Promise<Answer> {
    return this.call('/api/profile-bulk-import-jobs', {
      method: 'POST',
      body: JSON.stringify(importBody(attributes)),
      ...options,
      headers: { 'Content-Type': 'application/vnd.api+json', ...(options.headers as Record<string, string> | undefined) },
    });
  }

  /** Submits an import that must be accepted. */
  async import(attributes: object[]): Promise<Resource> {
    const answer = await this.submit(attributes);
    const [job] = answer.data;
    if (answer.status !== 202 || !job) throw new Error(`the import was answered with ${answer.status}`);
    return job;
  }

  completed(jobId: string): Promise<Resource> {
    return eventually(async () => {
      const [job] = (await this.call(`/api/profile-bulk-import-jobs/${jobId}`)).data;
      return job?.attributes['status'] === 'complete' ? job : null;
    });
  }

  /** Follows `links.next` to the end. */
  async everyPage(path: string): Promise<{ resources: Resource[]; pages: number }> {
    const resources: Resource[] = [];
    let pages = 0;
    for (let next: string | null = path; next !== null; pages += 1) {
      const answer: Answer = await this.call(next);
      resources.push(...answer.data);
      next = answer.body.links?.next ?? null;
    }
    return { resources, pages };
  }

  async control(method: string, path: string, body?: unknown): Promise<{ status: number; text: string; json: unknown }> {
    const init = { method, headers: ownConnection, body: body === undefined ? null : JSON.stringify(body) };
    const response = await fetch(`${this.url}/_control/${path}`, init);
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, text, json: json ? JSON.parse(text) : null };
  }

  async members(listId = 'LST001'): Promise<string[]> {
    const { text } = await this.control('GET', `accounts/ACC001/lists/${listId}/members`);
    return text.split('\n').filter(Boolean);
  }
}
