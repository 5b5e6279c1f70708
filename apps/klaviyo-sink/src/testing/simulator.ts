import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const LIST = 'LST001';

/** `times` of a fault that lasts until the spec lifts it: retries use up no such number, however slow the machine is. */
export const UNTIL_LIFTED = 1_000_000;

// On a slow machine a kept connection may be closed by the simulator just as the next request goes out on it.
export const ownConnection = { connection: 'close' };

export interface SimulatedAccount {
  id: string;
  apiKey: string;
}

export interface SimulatedCall {
  at: string;
  method: string;
  operation: string | null;
  status: number | null;
  fault: string | null;
  profiles: number | null;
  jobId: string | null;
  query: Record<string, unknown>;
}

export interface SimulatedJob {
  id: string;
  status: string;
  totalCount: number;
}

/** The built simulator in a process of its own: the sink's specs know it by HTTP alone. */
export class Simulator {
  private accounts = 0;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Simulator> {
    const main = join(__dirname, '../../../klaviyo-simulator/dist/main.js');
    if (!existsSync(main)) throw new Error('build klaviyo-simulator first: nx build @courier/klaviyo-simulator');
    const env = { PORT: '0' };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /listens on (http:\/\/[\d.]+:\d+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    return new Simulator(child, url);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }

  async control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_control/${path}`, {
      method,
      headers: { ...ownConnection, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text.startsWith('{') ? JSON.parse(text) : text) as T;
  }

  /** No faults, no knobs, no calls, quick jobs, and an account that nobody has used yet, with one list. */
  async freshAccount(): Promise<SimulatedAccount> {
    this.accounts += 1;
    const account = { id: `ACC${this.accounts}`, apiKey: `pk_test_full_access_${this.accounts}` };
    await this.control('PUT', 'state', { reset: true });
    await this.control('PUT', 'job-rules', { queueDelayMs: 20, msPerThousand: 1 });
    await this.addKey(account, 'all');
    return account;
  }

  addKey({ id, apiKey }: SimulatedAccount, scopes: 'all' | string[]): Promise<unknown> {
    const account = { id, keys: [{ key: apiKey, scopes }], lists: [{ id: LIST, name: 'Newsletter' }] };
    return this.control('PUT', 'state', { accounts: [account] });
  }

  fault(fault: {
    operation: string;
    kind: string;
    times?: number;
    after?: number;
    status?: number;
    retryAfter?: number;
    body?: string;
  }): Promise<unknown> {
    return this.control('POST', 'faults', fault);
  }

  liftFaults(): Promise<unknown> {
    return this.control('DELETE', 'faults');
  }

  /** How many calls get no answer now; they are among `calls` when they have ended. */
  async hanging(): Promise<number> {
    return (await this.control<{ hanging: object[] }>('GET', 'requests?limit=1')).hanging.length;
  }

  async calls(operation?: string): Promise<SimulatedCall[]> {
    const query = operation === undefined ? '' : `&operation=${operation}`;
    const { items } = await this.control<{ items: SimulatedCall[] }>('GET', `requests?limit=20000${query}`);
    return items;
  }

  async jobs({ id }: SimulatedAccount): Promise<SimulatedJob[]> {
    return (await this.control<{ items: SimulatedJob[] }>('GET', `accounts/${id}/jobs`)).items;
  }

  async members({ id }: SimulatedAccount): Promise<string[]> {
    const text = await this.control<string>('GET', `accounts/${id}/lists/${LIST}/members`);
    return text.split('\n').filter((email) => email !== '');
  }

  /** An import call as the sink makes it, whose answer nobody of the sink ever sees. */
  async importAs({ apiKey }: SimulatedAccount, emails: string[]): Promise<void> {
    const data = emails.map((email) => ({ type: 'profile', attributes: { email } }));
    const response = await fetch(`${this.url}/api/profile-bulk-import-jobs`, {
      method: 'POST',
      headers: {
        ...ownConnection,
        authorization: `Klaviyo-API-Key ${apiKey}`,
        revision: '2026-07-15',
        'content-type': 'application/vnd.api+json',
      },
      body: JSON.stringify({
        data: {
          type: 'profile-bulk-import-job',
          attributes: { profiles: { data } },
          relationships: { lists: { data: [{ type: 'list', id: LIST }] } },
        },
      }),
    });
    if (response.status !== 202) throw new Error(`the import was answered with ${response.status}`);
  }
}
