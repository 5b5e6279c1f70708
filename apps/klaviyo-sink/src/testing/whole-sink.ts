import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadConfig } from '@courier/config';
import {
  type BatchRequestedV1,
  batchRequestedV1,
  type ConnectionChangedV1,
  connectionChangedV1,
  topics,
} from '@courier/contracts';
import { setupHttp } from '@courier/http';
import { newId } from '@courier/kernel';
import { connectIntake, Outbox } from '@courier/messaging';
import { batchPath, encodeBatch, StagingArea, StagingKey } from '@courier/staging';
import {
  claimsOf,
  createTestDatabase,
  randomName,
  resetOffsets,
  type TestDatabase,
  testBrokers,
  tokenSettings,
  until,
} from '@courier/testing';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module';
import { type Config, configSchema } from '../config';
import { serviceName } from '../service-name';
import { CredentialMaker } from './credential-maker';
import { LIST, ownConnection } from './simulator';

/** The whole service over Kafka, restarted at will. Its topics are shared with other specs, so everything is found by id. */
export class WholeSink {
  readonly group = randomName(serviceName);
  readonly stagingFolder: string;
  private running: NestExpressApplication | null = null;
  private url = '';

  private constructor(
    private readonly folder: string,
    private readonly config: Config,
    private readonly database: TestDatabase,
    private readonly credentials: CredentialMaker,
    private readonly issuer: CryptoKey,
  ) {
    this.stagingFolder = join(folder, 'staging');
  }

  static async prepare(klaviyoUrl: string): Promise<WholeSink> {
    const folder = mkdtempSync(join(tmpdir(), 'klaviyo-sink-spec-'));
    const file = (name: string, content: unknown) => {
      const path = join(folder, name);
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    };
    const database = await createTestDatabase();
    const credentials = await CredentialMaker.create();
    const tokens = await generateKeyPair('ES256', { extractable: true });
    const config = loadConfig(configSchema, {
      KAFKA_BROKERS: testBrokers().join(','),
      KAFKA_CREATE_TOPICS: 'true',
      DATABASE_URL: database.url,
      PORT: '0',
      AUTH_JWKS_FILE: file('tokens.json', { keys: [{ ...(await exportJWK(tokens.publicKey)), kid: 't', alg: 'ES256' }] }),
      ...tokenSettings,
      KLAVIYO_API_URL: klaviyoUrl,
      SINK_PRIVATE_JWKS_FILE: file('private.json', credentials.openerKeys.private),
      CONNECTION_SIGNING_PUBLIC_JWKS_FILE: file('signers.json', credentials.openerKeys.signers),
      STAGING_URI: pathToFileURL(join(folder, 'staging')).href,
      STAGING_KEY_FILE: file('staging.key', randomBytes(32).toString('base64')),
      LOG_LEVEL: 'silent',
    });
    return new WholeSink(folder, config, database, credentials, tokens.privateKey);
  }

  async start(): Promise<void> {
    const options = { abortOnError: false, bodyParser: false, forceCloseConnections: true, logger: false } as const;
    this.running = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(this.config, this.group), options);
    setupHttp(this.app, { title: serviceName, description: 'A spec.', version: '1' });
    connectIntake(this.app);
    await this.app.startAllMicroservices();
    await this.app.listen(0, '127.0.0.1');
    this.url = await this.app.getUrl();
    await until(async () => (await fetch(`${this.url}/health/ready`, { headers: ownConnection })).ok);
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = null;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get app(): NestExpressApplication {
    if (this.running === null) throw new Error('the service is not running');
    return this.running;
  }

  async query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const rows: T[] = await this.app.get(DataSource).query(sql, parameters);
    return rows;
  }

  token(claims: object): Promise<string> {
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 't' }).sign(this.issuer);
  }

  async get(path: string, role: string): Promise<{ status: number; body: object }> {
    const token = await this.token(claimsOf(role));
    const response = await fetch(this.url + path, { headers: { ...ownConnection, authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as object };
  }

  /** Everything of this type that the sink has told and Kafka has, in order. */
  async sent<T>(type: string, wanted: (data: T) => boolean): Promise<T[]> {
    const sql = `SELECT value FROM outbox WHERE headers ->> 'ce_type' = $1 AND published_at IS NOT NULL ORDER BY id`;
    return (await this.query<{ value: string }>(sql, [type])).map(({ value }) => JSON.parse(value) as T).filter(wanted);
  }

  /** As connection-service does it. */
  async publishConnection(
    connectionId: string,
    apiKey: string,
    changed: Pick<ConnectionChangedV1, 'version' | 'access' | 'verification'>,
  ): Promise<void> {
    const sealed = await this.credentials.seal({ connectionId, version: 1, apiKey });
    await this.app.get(DataSource).transaction((manager) =>
      this.app.get(Outbox).append(manager, connectionChangedV1, {
        connectionId,
        state: 'verifying',
        displayName: 'Shop',
        type: 'klaviyo',
        profileLimit: 1_000,
        exportUser: { sub: 'ada', name: 'Ada' },
        account: null,
        attention: null,
        credential: { version: 1, sealed },
        changedAt: new Date().toISOString(),
        ...changed,
      }),
    );
  }

  /** As the orchestrator does it. */
  async announce(
    connectionId: string,
    emails: readonly string[],
    changed: Partial<BatchRequestedV1> = {},
  ): Promise<BatchRequestedV1> {
    const runId = newId();
    const staging = new StagingArea(this.config.STAGING_URI, StagingKey.fromFile(this.config.STAGING_KEY_FILE));
    const profile = (email: string) => JSON.stringify({ type: 'profile', attributes: { email } });
    const content = encodeBatch(emails.map((email) => ({ email, profileJson: profile(email) })));
    const batch: BatchRequestedV1 = {
      batchId: newId(),
      runId,
      exportId: newId(),
      attempt: 1,
      number: 1,
      operation: 'upsert',
      connectionId,
      listId: LIST,
      rows: emails.length,
      object: await staging.write(batchPath(runId, 1, 1), content),
      requestedAt: new Date().toISOString(),
      ...changed,
    };
    await this.app
      .get(DataSource)
      .transaction((manager) => this.app.get(Outbox).append(manager, batchRequestedV1, batch, { id: batch.batchId }));
    return batch;
  }

  /** Stops the service, moves its group back to the record of this batch as the stock tool does (without metadata), and starts it. */
  async rewindTo({ batchId }: BatchRequestedV1): Promise<void> {
    const sql = 'SELECT partition, record_offset AS offset FROM inbox WHERE event_id = $1';
    const [place] = await this.query<{ partition: number; offset: string }>(sql, [batchId]);
    if (place === undefined) throw new Error('this batch was not taken in');
    await this.stop();
    await resetOffsets({ group: this.group, topic: topics.batches.name, partitions: [place] });
    await this.start();
  }
}
