import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadConfig } from '@courier/config';
import type {
  BatchFinishedV1,
  BatchRequestedV1,
  ConnectionChangedV1,
  ConnectionCheckedV1,
  RunReplayedV1,
  RunWaitingV1,
} from '@courier/contracts';
import { newId } from '@courier/kernel';
import { messagingMigrations, Outbox, Replays } from '@courier/messaging';
import { createDataSource, Leases, migrate, Notifications, persistenceMigrations } from '@courier/persistence';
import {
  batchPath,
  decodeResults,
  encodeBatch,
  type ResultLine,
  StagingArea,
  StagingKey,
  type StagedObjectRef,
} from '@courier/staging';
import { createTestDatabase, type TestDatabase, until } from '@courier/testing';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { migrations } from '../database';
import type { LeasedTasks } from '../accounts/leased-tasks';
import { ReplayWorkers } from '../replays/replay-workers';
import { SinkWorkers } from '../operations/sink-workers';
import { AppModule } from '../app.module';
import { type Config, configSchema } from '../config';
import { ConnectionStore } from '../connections/connection-store';
import { Quota } from '../accounts/quota-store';
import { ReplayedRuns } from '../replays/replayed-runs';
import { Settings } from '../settings';
import { serviceName } from '../service-name';
import { ForeseeReplay } from '../deliveries/foresee-replay';
import { KeepConnection } from '../connections/keep-connection';
import { RequestDelivery } from '../deliveries/request-delivery';
import { StopRun } from '../deliveries/stop-run';
import { SweepHistory } from '../cleaning/sweep-history';
import { CredentialMaker } from './credential-maker';
import { LIST } from './simulator';

/** Quick where the sink pauses, and patient where a machine that is busy with others would look like Klaviyo or an owner that died. */
export const quickSettings: Settings = {
  quotaShare: 0.9,
  callTimeoutMs: 8_000,
  leaseTtlMs: 30_000,
  callsAtOnceMax: 4,
  batchesInMemoryMax: 4,
  triesMax: 4,
  backoff: { baseMs: 50, capMs: 400 },
  recheck: { baseMs: 100, capMs: 400 },
  jobDeadlineMs: 3_600_000,
  stagedForMs: 30 * 86_400_000,
  historyMs: 180 * 86_400_000,
};

const ignore = () => undefined;

export interface Announced {
  batch: BatchRequestedV1;
  emails: string[];
}

/** What the specs touch of a sink. */
export interface Sink {
  keepConnection: KeepConnection;
  requestDelivery: RequestDelivery;
  stopRun: StopRun;
  foreseeReplay: ForeseeReplay;
  replayedRuns: ReplayedRuns;
  sweepHistory: SweepHistory;
  connections: ConnectionStore;
  quota: Quota;
  deliveries: LeasedTasks;
  checks: LeasedTasks;
  replays: LeasedTasks;
}

export interface BenchOptions {
  klaviyoUrl: string;
  /** For specs of calls that hang and of owners that die, which wait that long. */
  callTimeoutMs?: number;
}

/** One or more sinks, wired as in the service, over a real database and a real staging folder, fed and read without Kafka. */
export class SinkBench {
  readonly staging: StagingArea;
  readonly dataSource: DataSource;
  readonly outbox: Outbox;
  /** What the sinks wrote to the log as an error. */
  readonly errors: unknown[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'courier-sink-'));
  readonly stagingFolder = join(this.folder, 'staging');
  private readonly config: Config;
  private readonly settings: Settings;
  private readonly running: TestingModule[] = [];

  private constructor(
    private readonly database: TestDatabase,
    { klaviyoUrl, callTimeoutMs = quickSettings.callTimeoutMs }: BenchOptions,
    readonly keys: CredentialMaker,
  ) {
    this.settings = { ...quickSettings, callTimeoutMs };
    this.config = loadConfig(configSchema, {
      KAFKA_BROKERS: 'nowhere:9092',
      DATABASE_URL: database.url,
      PORT: '0',
      AUTH_JWKS_FILE: 'no-tokens.json',
      KLAVIYO_API_URL: klaviyoUrl,
      KLAVIYO_CALL_TIMEOUT_MS: String(callTimeoutMs),
      SINK_PRIVATE_JWKS_FILE: this.file('private.json', JSON.stringify(keys.openerKeys.private)),
      CONNECTION_SIGNING_PUBLIC_JWKS_FILE: this.file('signers.json', JSON.stringify(keys.openerKeys.signers)),
      STAGING_URI: pathToFileURL(this.stagingFolder).href,
      STAGING_KEY_FILE: this.file('staging.key', randomBytes(32).toString('base64')),
    });
    const all = [...persistenceMigrations, ...messagingMigrations, ...migrations];
    this.dataSource = createDataSource({ url: database.url, migrations: all, poolMax: 20 });
    this.staging = new StagingArea(this.config.STAGING_URI, StagingKey.fromFile(this.config.STAGING_KEY_FILE));
    this.outbox = new Outbox({ source: `/${serviceName}` });
  }

  static async open(options: BenchOptions): Promise<SinkBench> {
    const bench = new SinkBench(await createTestDatabase(), options, await CredentialMaker.create());
    await bench.dataSource.initialize();
    await migrate(bench.dataSource);
    return bench;
  }

  /** Another instance of the sink on the same database, whose workers wait to be started. */
  async sink(): Promise<Sink> {
    const surroundings = [
      { provide: DataSource, useValue: this.dataSource },
      { provide: Outbox, useValue: this.outbox },
      { provide: Replays, useValue: new Replays({ service: serviceName }) },
      Leases,
      Notifications,
    ];
    const { providers = [] } = AppModule.forRoot(this.config);
    const module = await Test.createTestingModule({ providers: [...surroundings, ...providers] })
      .overrideProvider(Settings)
      .useValue(this.settings)
      .setLogger({ log: ignore, warn: ignore, error: (_text: unknown, { err }: { err: unknown }) => this.errors.push(err) })
      .compile();
    this.running.push(module);
    const { checks, deliveries } = module.get(SinkWorkers);
    const { tasks: replays } = module.get(ReplayWorkers);
    return {
      keepConnection: module.get(KeepConnection),
      requestDelivery: module.get(RequestDelivery),
      stopRun: module.get(StopRun),
      foreseeReplay: module.get(ForeseeReplay),
      replayedRuns: module.get(ReplayedRuns),
      sweepHistory: module.get(SweepHistory),
      connections: module.get(ConnectionStore),
      quota: module.get(Quota),
      deliveries,
      checks,
      replays,
    };
  }

  start(sink: Sink): void {
    sink.checks.start();
    sink.deliveries.start();
    sink.replays.start();
  }

  async close(): Promise<void> {
    for (const module of this.running) await module.close();
    await this.dataSource.destroy();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** What connection-service would publish: a connection with this key, to be checked. */
  async connect(
    sink: Sink,
    apiKey: string,
    known: { connectionId?: string; version?: number } = {},
  ): Promise<ConnectionChangedV1> {
    const { connectionId = newId(), version = 1 } = known;
    const now = new Date().toISOString();
    const state: ConnectionChangedV1 = {
      connectionId,
      version,
      state: 'verifying',
      displayName: 'Shop',
      type: 'klaviyo',
      access: 'administrators',
      profileLimit: 100_000,
      exportUser: { sub: 'ada', name: 'Ada' },
      account: null,
      attention: null,
      credential: { version, sealed: await this.keys.seal({ connectionId, version, apiKey }) },
      verification: { id: newId(), requestedAt: now },
      changedAt: now,
    };
    await this.transaction((manager) => sink.keepConnection.execute(manager, state));
    sink.checks.wake();
    return state;
  }

  /** Stages a batch of generated people, as the orchestrator would, and hands its announcement to the sink. */
  async announce(
    sink: Sink,
    connectionId: string,
    emails: string[],
    changed: Partial<BatchRequestedV1> = {},
  ): Promise<Announced> {
    const runId = changed.runId ?? newId();
    const { attempt = 1, number = 1 } = changed;
    const lines = emails.map((email) => ({ email, profileJson: JSON.stringify({ type: 'profile', attributes: { email } }) }));
    const object = await this.staging.write(batchPath(runId, attempt, number), encodeBatch(lines));
    const batch: BatchRequestedV1 = {
      batchId: newId(),
      runId,
      exportId: newId(),
      attempt,
      number,
      operation: 'upsert',
      connectionId,
      listId: LIST,
      rows: emails.length,
      object,
      requestedAt: new Date().toISOString(),
      ...changed,
    };
    await this.transaction((manager) => sink.requestDelivery.execute(manager, batch, 0));
    sink.deliveries.wake();
    return { batch, emails };
  }

  outcomesOf({ batch }: Announced): Promise<BatchFinishedV1[]> {
    return this.sent<BatchFinishedV1>('klaviyo.batch-finished.v1', ({ batchId }) => batchId === batch.batchId);
  }

  /** The id of a connection with this key, once the sink has checked it; its checks run. */
  async connected(sink: Sink, apiKey: string): Promise<string> {
    const { connectionId } = await this.connect(sink, apiKey);
    await until(async () => (await this.checksOf(connectionId)).length > 0);
    return connectionId;
  }

  checksOf(connectionId: string): Promise<ConnectionCheckedV1[]> {
    return this.sent<ConnectionCheckedV1>('klaviyo.connection-checked.v1', (check) => check.connectionId === connectionId);
  }

  replayOf(runId: string): Promise<RunReplayedV1[]> {
    return this.sent<RunReplayedV1>('klaviyo.run-replayed.v1', (replayed) => replayed.runId === runId);
  }

  waitsOf(runId: string): Promise<RunWaitingV1[]> {
    return this.sent<RunWaitingV1>('klaviyo.run-waiting.v1', (wait) => wait.runId === runId);
  }

  async results(ref: StagedObjectRef | null): Promise<ResultLine[]> {
    return ref === null ? [] : decodeResults(await this.staging.read(ref));
  }

  private file(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  private async sent<T>(type: string, wanted: (data: T) => boolean): Promise<T[]> {
    const rows: { value: string }[] = await this.dataSource.query(
      `SELECT value FROM outbox WHERE headers ->> 'ce_type' = $1 ORDER BY id`,
      [type],
    );
    return rows.map(({ value }) => JSON.parse(value) as T).filter(wanted);
  }
}

export function people(count: number, prefix = 'person'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}@mail.example.org`);
}
