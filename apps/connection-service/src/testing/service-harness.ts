import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@courier/config';
import {
  connectionCheckedV1,
  exportChangedV1,
  type Connection,
  type ConnectionCheckedV1,
  type ExportChangedV1,
} from '@courier/contracts';
import { setupHttp } from '@courier/http';
import { connectIntake, Outbox } from '@courier/messaging';
import { claimsOf, createTestDatabase, randomName, testBrokers, type TestDatabase, tokenSettings, until } from '@courier/testing';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  calculateJwkThumbprint,
  compactDecrypt,
  compactVerify,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { DataSource } from 'typeorm';
import { api } from '../api';
import { AppModule } from '../app.module';
import { configSchema } from '../config';
import { serviceName } from '../service-name';

export const apiKey = 'pk_scan_me_0123456789abcdef0123456789';

/** A body that creates a connection. */
export const connectionBody = {
  displayName: 'Shop',
  type: 'klaviyo',
  apiKey,
  access: 'administrators',
  dataPrivacyConsent: { accepted: true },
};

// On a slow machine a kept connection may be closed by the service just as the next request goes out on it.
const ownConnection = { connection: 'close' };

interface CallOptions {
  /** Who calls in that role. */
  person?: { sub: string; name: string };
  post?: object;
  patch?: object;
  method?: string;
  prefer?: string;
  headers?: Record<string, string>;
}

export interface ConnectionMessage {
  version: number;
  state: string;
  credential: { sealed: string } | null;
  verification: { id: string } | null;
}

type CheckChange = Partial<Pick<ConnectionCheckedV1, 'verificationId' | 'result' | 'problem' | 'scopes'>>;

/** The whole service over the real Kafka and PostgreSQL. Its topics are shared with other specs, so everything is found by id. */
export class ServiceHarness {
  private constructor(
    private readonly folder: string,
    private readonly database: TestDatabase,
    private readonly issuer: CryptoKey,
    private readonly credentialKeys: { open: CryptoKey; verify: CryptoKey },
    readonly app: NestExpressApplication,
  ) {}

  static async open(): Promise<ServiceHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'connection-service-spec-'));
    const database = await createTestDatabase();
    const tokens = await keyFiles(folder, 'tokens', 'ES256');
    const signing = await keyFiles(folder, 'signing', 'ES256');
    const sink = await keyFiles(folder, 'sink', 'ECDH-ES+A256KW');
    const config = loadConfig(configSchema, {
      KAFKA_BROKERS: testBrokers().join(','),
      KAFKA_CREATE_TOPICS: 'true',
      DATABASE_URL: database.url,
      AUTH_JWKS_FILE: tokens.publicFile,
      ...tokenSettings,
      CONNECTION_SIGNING_PRIVATE_JWKS_FILE: signing.privateFile,
      SINK_PUBLIC_JWKS_FILE: sink.publicFile,
      LOG_LEVEL: 'silent',
    });
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, randomName(serviceName)), {
      abortOnError: false,
      bodyParser: false,
      forceCloseConnections: true,
      logger: false,
    });
    setupHttp(app, api);
    connectIntake(app);
    const harness = new ServiceHarness(
      folder,
      database,
      tokens.privateKey,
      { open: sink.privateKey, verify: signing.publicKey },
      app,
    );
    await harness.start().catch(async (error: unknown) => {
      await harness.close();
      throw error;
    });
    return harness;
  }

  private async start(): Promise<void> {
    await this.app.startAllMicroservices();
    await this.app.listen(0, '127.0.0.1');
    const url = await this.app.getUrl();
    await until(async () => (await fetch(`${url}/health/ready`, { headers: ownConnection })).ok);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }

  get rows(): DataSource {
    return this.app.get(DataSource);
  }

  token(claims: object): Promise<string> {
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256' }).sign(this.issuer);
  }

  /** What the sink reads in a sealed credential. */
  async opened(sealed: string): Promise<unknown> {
    const { plaintext } = await compactDecrypt(sealed, this.credentialKeys.open);
    const { payload } = await compactVerify(new TextDecoder().decode(plaintext), this.credentialKeys.verify);
    return JSON.parse(new TextDecoder().decode(payload));
  }

  async call<T = Connection>(role: string, path: string, options: CallOptions = {}) {
    const token = await this.token({ ...claimsOf(role), ...options.person });
    const response = await fetch((await this.app.getUrl()) + path, {
      method: options.method ?? (options.patch ? 'PATCH' : options.post ? 'POST' : 'GET'),
      headers: {
        ...ownConnection,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(options.prefer === undefined ? {} : { prefer: options.prefer }),
        ...options.headers,
      },
      body: JSON.stringify(options.post ?? options.patch) ?? null,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T & { code?: string } };
  }

  async messagesOf(connectionId: string): Promise<ConnectionMessage[]> {
    const found: { value: ConnectionMessage }[] = await this.rows.query(
      `SELECT value::jsonb AS value FROM outbox WHERE topic = 'connections' AND key = $1 ORDER BY id`,
      [connectionId],
    );
    return found.map(({ value }) => value);
  }

  /** What the sink would answer, over the real topic. */
  async answerCheck(connectionId: string, change: CheckChange = {}): Promise<void> {
    const pending = (await this.messagesOf(connectionId)).at(-1)?.verification;
    const data: ConnectionCheckedV1 = {
      connectionId,
      verificationId: pending?.id ?? null,
      credentialVersion: 1,
      result: 'ok',
      account: { id: 'ACC001', name: 'Shop' },
      scopes: { found: ['lists:read'], missing: [] },
      problem: null,
      checkedAt: new Date().toISOString(),
      ...change,
    };
    await this.rows.transaction((manager) => this.app.get(Outbox).append(manager, connectionCheckedV1, data));
  }

  /** What the orchestrator would say about an export, over the real topic. */
  async announceExport(change: Pick<ExportChangedV1, 'exportId' | 'version' | 'state' | 'connectionId'>): Promise<void> {
    const changedAt = new Date().toISOString();
    const data = { name: 'High value', listId: 'LST001', segmentIds: ['Seg1'], mode: 'add' as const, changedAt };
    await this.rows.transaction((manager) => this.app.get(Outbox).append(manager, exportChangedV1, { ...data, ...change }));
  }

  async awaitExport(exportId: string, version: number): Promise<void> {
    await until(async () => {
      const known: object[] = await this.rows.query('SELECT 1 FROM known_exports WHERE id = $1 AND version = $2', [
        exportId,
        version,
      ]);
      return known.length === 1;
    });
  }
}

async function keyFiles(folder: string, name: string, alg: string) {
  const pair = await generateKeyPair(alg, { extractable: true, crv: 'P-256' });
  const publicKey = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicKey);
  const file = async (kind: string, key: JWK) => {
    const path = join(folder, `${name}-${kind}.json`);
    await writeFile(path, JSON.stringify({ keys: [{ ...key, kid, alg }] }));
    return path;
  };
  const privateFile = await file('private', await exportJWK(pair.privateKey));
  return { ...pair, privateFile, publicFile: await file('public', publicKey) };
}
