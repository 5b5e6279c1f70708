import { loadConfig } from '@courier/config';
import {
  type AlertChangedV1,
  auditRecordedV1,
  type AuditRecordedV1,
  type BatchFinishedV1,
  type BatchRequestedV1,
  type ExportChangedV1,
  type RunChangedV1,
  type RunReplayedV1,
  type RunStoppedV1,
  type SegmentRefreshedV1,
} from '@courier/contracts';
import { newId } from '@courier/kernel';
import {
  AuditEventStore,
  AuditTrail,
  messagingMigrations,
  Outbox,
  OutboxAuditTrail,
  OutboxRelay,
  Replays,
} from '@courier/messaging';
import { createDataSource, type Lease, Leases, migrate, Notifications, persistenceMigrations } from '@courier/persistence';
import { createTestDatabase, type TestDatabase } from '@courier/testing';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { entities, migrations } from '../adapters/postgres';
import { AppModule } from '../app.module';
import { configSchema } from '../config';
import type { BatchRecord } from '../domain/batch';
import type { ExportRecord, KnownConnection } from '../domain/export';
import type { RefreshRecord } from '../domain/refresh';
import type { RunRecord } from '../domain/run';
import { BatchStore } from '../ports/batch-store';
import { CLOCK } from '../ports/clock';
import { ConnectionStore } from '../ports/connection-store';
import { ExportStore } from '../ports/export-store';
import { Planner } from '../ports/planner';
import { RunStore } from '../ports/run-store';
import { serviceName } from '../service-name';
import { FinishRun } from '../use-cases/finish-run';
import { PlanRun } from '../use-cases/plan-run';
import { RecordOutcome, type RecordedOutcome } from '../use-cases/record-outcome';
import { ReplayRefresh } from '../use-cases/replay-refresh';
import { RecordResent, type RecordedResent } from '../use-cases/record-resent';
import { StartRunsOfRefresh } from '../use-cases/start-runs-of-refresh';
import { expectAccountingLaw } from './accounting-law';
import { FakePlanner } from './fake-planner';
import { outcomeOf, refreshOf, type Said } from './messages';

export const ACCOUNT = 'AcCt01';
export const LIST = 'LiSt01';
const START = '2026-11-24T02:00:00.000Z';

/** The orchestrator's use cases, wired as in the service, over a real database; without Kafka, and with a planner and a clock to steer. */
export class OrchestratorBench {
  readonly planner = new FakePlanner();
  readonly clock = { current: new Date(START), now: () => this.clock.current };

  private constructor(
    readonly database: TestDatabase,
    readonly dataSource: DataSource,
    private readonly leases: Leases,
  ) {}

  private module!: TestingModule;

  static async open(): Promise<OrchestratorBench> {
    const database = await createTestDatabase();
    const all = [...persistenceMigrations, ...messagingMigrations, ...migrations];
    const dataSource = await createDataSource({ url: database.url, entities, migrations: all }).initialize();
    await migrate(dataSource);
    const bench = new OrchestratorBench(database, dataSource, new Leases(dataSource));
    await bench.wire(benchConfig(database.url));
    return bench;
  }

  private async wire(config: ReturnType<typeof benchConfig>): Promise<void> {
    const outbox = new Outbox({ source: `/${serviceName}` });
    const audit = new OutboxAuditTrail({ audit: auditRecordedV1 }, outbox, new AuditEventStore(this.dataSource));
    const surroundings = [
      { provide: DataSource, useValue: this.dataSource },
      { provide: Outbox, useValue: outbox },
      { provide: AuditTrail, useValue: audit },
      { provide: Replays, useValue: new Replays({ service: serviceName }) },
      { provide: OutboxRelay, useValue: { onLeadership: () => undefined } },
      Leases,
      Notifications,
    ];
    const { providers = [] } = AppModule.forRoot(config);
    this.module = await Test.createTestingModule({ providers: [...surroundings, ...providers] })
      .overrideProvider(Planner)
      .useValue(this.planner)
      .overrideProvider(CLOCK)
      .useValue(this.clock)
      .compile();
  }

  /** Before each test: nothing is known, and it is early. */
  async reset(): Promise<void> {
    await this.dataSource.query(
      'TRUNCATE alerts, audit_events, known_connections, exports, refreshes, segment_sequences, runs, batches, parked_outcomes, ledgers, outbox, leases, intake_decisions, intake_positions RESTART IDENTITY',
    );
    this.planner.reset();
    this.clock.current = new Date(START);
  }

  /** After each test: whatever happened, the books are in order. */
  async expectAccountingLaw(): Promise<void> {
    const changes = await this.sent<RunChangedV1>('export.run-changed.v1');
    await expectAccountingLaw(
      this.dataSource,
      changes.map(({ run }) => run),
    );
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.dataSource.destroy();
    await this.database.drop();
  }

  get<T>(token: Type<T> | (abstract new (...parameters: never[]) => T)): T {
    return this.module.get<T>(token);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** Whether a transaction on this database waits for another one's lock. */
  async waitForLocks(): Promise<boolean> {
    const waiting: unknown[] = await this.dataSource.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  }

  passMinutes(minutes: number): void {
    this.clock.current = new Date(this.clock.current.getTime() + minutes * 60_000);
  }

  async connection(change: Partial<KnownConnection> = {}): Promise<KnownConnection> {
    const connection: KnownConnection = {
      id: newId(),
      version: 1,
      state: 'connected',
      displayName: 'Shop',
      access: 'administrators',
      profileLimit: 100_000,
      accountId: ACCOUNT,
      ...change,
    };
    await this.get(ConnectionStore).apply(this.dataSource.manager, connection);
    return connection;
  }

  /** An export of segment `Seg1` into the list, with a connection of its own unless one is named. */
  async export(change: Partial<ExportRecord> = {}): Promise<ExportRecord & { connectionId: string }> {
    const connectionId = change.connectionId ?? (await this.connection()).id;
    const by = { sub: 'ada', name: 'Ada' };
    const exported = {
      id: newId(),
      name: 'High value',
      listId: LIST,
      segmentIds: ['Seg1'],
      mapping: { email: 'Email' },
      mode: 'add' as const,
      schedule: { on: 'refresh' as const },
      state: 'active' as const,
      attention: null,
      listName: null,
      listChecked: false,
      listProblem: null,
      version: 1,
      createdAt: this.clock.now(),
      createdBy: by,
      updatedAt: this.clock.now(),
      updatedBy: by,
      ...change,
      connectionId,
    };
    await this.get(ExportStore).insert(this.dataSource.manager, exported);
    return exported;
  }

  /** Upstream's word about a segment, as the consumer hands it on. */
  async hear(data: SegmentRefreshedV1, event: { eventId?: string; epoch?: number } = {}): Promise<RefreshRecord> {
    const heard = { eventId: event.eventId ?? newId(), source: '/upstream', epoch: event.epoch ?? 0, data };
    const useCase = heard.epoch === 0 ? StartRunsOfRefresh : ReplayRefresh;
    const execute = (manager: EntityManager) => this.get<StartRunsOfRefresh | ReplayRefresh>(useCase).execute(manager, heard);
    const refresh = await this.transaction(execute);
    if (refresh === null) throw new Error(`the event ${heard.eventId} was heard of before`);
    return refresh;
  }

  /** A queued run of a new export, and the export. */
  async queuedRun(change: Partial<ExportRecord> = {}): Promise<{ runId: string; exported: ExportRecord }> {
    const exported = await this.export(change);
    const [segmentId = 'Seg1'] = exported.segmentIds;
    const { runIds } = await this.hear(refreshOf(segmentId, this.nextSequence()));
    const runs = await Promise.all(runIds.map((id) => this.run(id)));
    const run = runs.find(({ exportId }) => exportId === exported.id);
    if (run === undefined) throw new Error('no run was started');
    return { runId: run.id, exported };
  }

  /** The next refresh of the segment. */
  refreshOf(segmentId: string, change: Parameters<typeof refreshOf>[2] = {}): SegmentRefreshedV1 {
    return refreshOf(segmentId, this.nextSequence(), change);
  }

  private sequence = 0;

  nextSequence(): number {
    this.sequence += 1;
    return this.sequence;
  }

  async lease(runId: string): Promise<Lease> {
    const lease = await this.leases.acquire(`run:${runId}`, { ttlMs: 60_000 });
    if (lease === null) throw new Error('the lease is held by somebody else');
    return lease;
  }

  /** As the worker does it: under a lease that is let go afterwards. False when it was not the run's turn. */
  plan(runId: string): Promise<boolean | null> {
    return this.leases.hold(`run:${runId}`, { ttlMs: 60_000 }, (lease) => this.get(PlanRun).execute(lease, runId));
  }

  async finish(runId: string): Promise<RunRecord> {
    await this.leases.hold(`run:${runId}`, { ttlMs: 60_000 }, (lease) => this.get(FinishRun).execute(lease, runId));
    return this.run(runId);
  }

  /** The sink's word about a batch of the run, as the consumer hands it on. */
  async say(runId: string, number: number, said: Said = {}): Promise<RecordedOutcome> {
    const batches = await this.batches(runId);
    const batch = batches.find((one) => one.number === number);
    if (batch === undefined) throw new Error(`the run has no batch ${number}`);
    return this.record(outcomeOf(await this.run(runId), batch, said));
  }

  record(outcome: BatchFinishedV1): Promise<RecordedOutcome> {
    return this.transaction((manager) => this.get(RecordOutcome).execute(manager, outcome));
  }

  /** The sink's word about a batch that it has sent again, as the consumer hands it on. */
  recordResent(outcome: BatchFinishedV1, epoch: number): Promise<RecordedResent> {
    return this.transaction((manager) => this.get(RecordResent).outcome(manager, { ...outcome, epoch }, epoch));
  }

  announceResent(told: RunReplayedV1): Promise<RecordedResent> {
    return this.transaction((manager) => this.get(RecordResent).announced(manager, told));
  }

  /** An operator's rewind of `segment.refreshes` that is read up to `position` of ten records. */
  async rewound(epoch: number, position: number, change: { force?: boolean; unfinishedOnly?: boolean } = {}): Promise<void> {
    const { force = false, unfinishedOnly = false } = change;
    await this.dataSource.query(
      `INSERT INTO intake_decisions (consumer, topic, epoch, partition, kind, from_offset, to_offset, actor, reason, force,
         unfinished_only, claimed_at)
       VALUES ($1, 'segment.refreshes', $2, 0, 'rewind', 0, 10, 'ada', 'wrong mapping', $3, $4, now())`,
      [serviceName, epoch, force, unfinishedOnly],
    );
    await this.readUpTo(position);
  }

  async readUpTo(position: number): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO intake_positions (consumer, topic, partition, next_offset, highest_offset)
       VALUES ($1, 'segment.refreshes', 0, $2, 10)
       ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset`,
      [serviceName, position],
    );
  }

  async run(id: string): Promise<RunRecord> {
    const run = await this.get(RunStore).find(this.dataSource.manager, id);
    if (run === null) throw new Error('there is no such run');
    return run;
  }

  async exportOf(id: string): Promise<ExportRecord> {
    const exported = await this.get(ExportStore).find(this.dataSource.manager, id);
    if (exported === null) throw new Error('there is no such export');
    return exported;
  }

  batches(runId: string): Promise<BatchRecord[]> {
    return this.get(BatchStore).findOfRun(this.dataSource.manager, runId);
  }

  announced = () => this.sent<BatchRequestedV1>('klaviyo.batch-requested.v1');
  audited = () => this.sent<AuditRecordedV1>('audit.recorded.v1');
  alerts = () => this.sent<AlertChangedV1>('alert.changed.v1');
  stopped = () => this.sent<RunStoppedV1>('klaviyo.run-stopped.v1');
  exportChanges = () => this.sent<ExportChangedV1>('export.changed.v1');

  async runChanges(runId: string): Promise<RunChangedV1[]> {
    return (await this.sent<RunChangedV1>('export.run-changed.v1')).filter(({ run }) => run.id === runId);
  }

  private async sent<T>(type: string): Promise<T[]> {
    const rows: { value: string }[] = await this.dataSource.query(
      `SELECT value FROM outbox WHERE headers ->> 'ce_type' = $1 ORDER BY id`,
      [type],
    );
    return rows.map(({ value }) => JSON.parse(value) as T);
  }
}

export function benchConfig(databaseUrl: string, more: Record<string, string> = {}) {
  return loadConfig(configSchema, {
    KAFKA_BROKERS: 'nowhere:9092',
    DATABASE_URL: databaseUrl,
    PORT: '0',
    AUTH_JWKS_FILE: 'no-tokens.json',
    SNAPSHOT_ROOTS: '/no-snapshots',
    STAGING_URI: 'file:///no-staging',
    STAGING_KEY_FILE: 'no-key',
    LOG_LEVEL: 'silent',
    ...more,
  });
}
