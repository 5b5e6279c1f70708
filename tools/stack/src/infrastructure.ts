import { startKafka } from './kafka';
import { startPostgres } from './postgres';
import type { Detour } from './detour';
import type { ManagedProcess } from './managed-process';
import { ProcessSet } from './process-set';

export type InfrastructureName = 'kafka' | 'postgresql';
export type Detours = Partial<Record<InfrastructureName, Detour>>;

export interface Infrastructure {
  /** `host:port`, comma-separated. */
  readonly kafkaBrokers: string;
  /** A superuser's URL of the database `postgres`. */
  readonly postgresAdminUrl: string;
  /** The same two for the services. */
  readonly clients: { readonly kafkaBrokers: string; readonly postgresPort: number };
  readonly processes: Readonly<Record<InfrastructureName, ManagedProcess>>;
  stop(): Promise<void>;
}

/** Kafka and PostgreSQL within a set of processes. */
export async function startInfrastructureIn(
  set: ProcessSet,
  { durable, detours = {} }: { durable: boolean; detours?: Detours },
): Promise<Infrastructure> {
  const [kafka, postgres] = await Promise.all([
    startKafka(set, detours.kafka),
    startPostgres(set, { durable }, detours.postgresql),
  ]);
  return {
    kafkaBrokers: kafka.brokers,
    postgresAdminUrl: postgres.adminUrl,
    clients: { kafkaBrokers: kafka.clientBrokers, postgresPort: postgres.clientPort },
    processes: { kafka: kafka.process, postgresql: postgres.process },
    stop: async () => {
      await Promise.all([kafka.process.stop(), postgres.process.stop()]);
    },
  };
}

/** Kafka and PostgreSQL alone, for tests: quick rather than safe against a power failure. */
export async function startInfrastructure({ dir }: { dir: string }): Promise<Infrastructure> {
  const set = await ProcessSet.open(dir);
  const stop = async (): Promise<void> => {
    await set.stopAll();
    set.dismiss();
  };
  try {
    return { ...(await startInfrastructureIn(set, { durable: false })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
