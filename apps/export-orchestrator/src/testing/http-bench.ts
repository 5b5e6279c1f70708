import { Fingerprints, type Role, roles, setupHttp, TokenVerifier } from '@courier/http';
import { OutboxRelay } from '@courier/messaging';
import { tokenSettings } from '@courier/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { createLocalJWKSet, type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { api } from '../adapters/http';
import { MaintenanceWorkers } from '../adapters/work/maintenance-workers';
import { RunWorkers } from '../adapters/work/run-workers';
import { AppModule } from '../app.module';
import { HttpListReader } from '../adapters/sink/http-list-reader';
import type { ListLook } from '../domain/list-look';
import { ListReader } from '../ports/list-reader';
import { benchConfig, type OrchestratorBench } from './orchestrator-bench';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Empty where the answer is of another type. */
  json: Record<string, unknown>;
}

export interface Call {
  role?: Role | 'nobody';
  post?: unknown;
  patch?: unknown;
  method?: string;
  headers?: Record<string, string>;
}

/** The service's HTTP side on the bench's database, without workers and relay. The name of a role is a token too. */
export class HttpBench {
  /** What the sink says about lists: their names by id, and null of those that do not exist. Of all others it says that it is away. */
  readonly listNames = new Map<string, string | null>();

  private constructor(
    private readonly app: NestExpressApplication,
    readonly url: string,
    private readonly issuer: CryptoKey,
  ) {}

  static async open({ database }: OrchestratorBench, settings: Record<string, string> = {}): Promise<HttpBench> {
    const issuer = await generateKeyPair('ES256');
    const { AUTH_ISSUER, AUTH_AUDIENCE } = tokenSettings;
    const keys = createLocalJWKSet({ keys: [await exportJWK(issuer.publicKey)] });
    const verifier = new TokenVerifier(keys, { issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE });
    const verify = (token: string) =>
      roles.some((role) => role === token)
        ? Promise.resolve({ kind: 'user', user: { sub: token, name: token, roles: [token] } })
        : verifier.verify(token);
    const module = await Test.createTestingModule({ imports: [AppModule.forRoot(benchConfig(database.url, settings))] })
      .overrideProvider(OutboxRelay)
      .useValue({ onLeadership: () => undefined })
      .overrideProvider(RunWorkers)
      .useValue({})
      .overrideProvider(MaintenanceWorkers)
      .useValue({})
      .overrideProvider(Fingerprints)
      .useValue(new Fingerprints(Buffer.from('the secret of a spec')))
      .overrideProvider(TokenVerifier)
      .useValue({ verify })
      .compile();
    const app = module.createNestApplication<NestExpressApplication>({
      bodyParser: false,
      forceCloseConnections: true,
      logger: false,
    });
    setupHttp(app, api);
    await app.listen(0, '127.0.0.1').catch(async (error: unknown) => {
      await app.close();
      throw error;
    });
    const bench = new HttpBench(app, await app.getUrl(), issuer.privateKey);
    Object.assign(app.get(ListReader), {
      look: ({ listId }: { listId: string }): Promise<ListLook> => {
        const name = bench.listNames.get(listId);
        if (name === undefined) return new HttpListReader('http://127.0.0.1:1').look({ connectionId: '', listId }, '');
        return Promise.resolve(name === null ? { kind: 'not_found' } : { kind: 'found', name });
      },
    });
    return bench;
  }

  token(claims: object): Promise<string> {
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256' }).sign(this.issuer);
  }

  close(): Promise<void> {
    return this.app.close();
  }

  /** As an administrator, unless another role is named; `nobody` sends no token. A text is posted as it is. */
  async call(path: string, { role = 'administrator', post, patch, method, headers = {} }: Call = {}): Promise<Answer> {
    const sent = post ?? patch;
    const response = await fetch(this.url + path, {
      method: method ?? (post !== undefined ? 'POST' : patch !== undefined ? 'PATCH' : 'GET'),
      headers: {
        // On a slow machine a kept connection may be closed by the service just as the next request goes out on it.
        connection: 'close',
        ...(role === 'nobody' ? {} : { authorization: `Bearer ${role}` }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
    });
    const text = await response.text();
    const isJson = /json$/.test((response.headers.get('content-type') ?? '').split(';')[0]?.replace('x-ndjson', '') ?? '');
    const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, text, json };
  }

  /** Walks a list to its end, `limit` at a time. */
  async pages<T>(path: string, limit: number): Promise<T[][]> {
    const pages: T[][] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const next = cursor === '' ? '' : `&cursor=${String(cursor)}`;
      const { json } = await this.call(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next}`);
      pages.push(json['items'] as T[]);
      cursor = json['nextCursor'] ?? null;
    }
    return pages;
  }
}
