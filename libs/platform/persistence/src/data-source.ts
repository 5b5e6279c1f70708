import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface, type MixedList } from 'typeorm';
import { ImpatientClient, type ImpatientClientConfig } from './impatient-client';

export type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  /** `postgres://…` of this service's own database. */
  url: string;
  entities?: MixedList<string | (new () => unknown) | EntitySchema>;
  /** In the order in which they run: the platform's first, then the service's own. */
  migrations: MigrationClass[];
  poolMax?: number;
  /** PostgreSQL ends a statement, or a transaction that waits for its client, after this time. */
  statementMaxMs?: number;
}

const POOL_MAX = 10;
const STATEMENT_MAX_MS = 20_000;
/** For a statement of a migration, and for the wait until another instance has migrated: an index of a large table takes its time. */
const MIGRATION_MAX_MS = 3_600_000;
/** While a migration waits for a table, whoever asks for that table waits behind it: better that this start fails and is tried again. */
const TABLE_WAIT_MAX_MS = 15_000;
const CONNECT_MAX_MS = 5_000;
/** How much longer than a statement its answer may take. */
const ANSWER_FACTOR = 1.25;
const KEEP_ALIVE_AFTER_MS = 10_000;

/** Any constant: instances of one service that start together must not migrate at the same time. */
const MIGRATION_LOCK = 7_204_511;

/** For every connection to PostgreSQL, in the pool or beside it. */
export function connectionOptions({ url, statementMaxMs = STATEMENT_MAX_MS }: DatabaseOptions): ImpatientClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    statement_timeout: statementMaxMs,
    idle_in_transaction_session_timeout: statementMaxMs,
    answerMaxMs: statementMaxMs * ANSWER_FACTOR,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  };
}

/** The pool, and the limits of what goes through it. */
function extraOf(options: DatabaseOptions): object {
  return { ...connectionOptions(options), max: options.poolMax ?? POOL_MAX, Client: ImpatientClient };
}

export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities ?? [],
    migrations: options.migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    extra: extraOf(options),
  });
}

/** Runs what is missing of the migrations, one instance at a time, on connections of their own: the pool's would end a long one. */
export async function migrate({ options }: DataSource): Promise<void> {
  const { url = '' } = options as { url?: string };
  const limits = extraOf({ url, migrations: [], poolMax: 2, statementMaxMs: MIGRATION_MAX_MS });
  const extra = { ...limits, lock_timeout: TABLE_WAIT_MAX_MS };
  const migrating = await new DataSource({ ...options, entities: [], extra } as DataSourceOptions).initialize();
  try {
    await migrateUnderLock(migrating);
  } finally {
    await migrating.destroy();
  }
}

async function migrateUnderLock(dataSource: DataSource): Promise<void> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.connect();
    // The other instance may take its time, and nobody waits behind this one.
    await lock.query('SET lock_timeout = 0');
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
  }
}
