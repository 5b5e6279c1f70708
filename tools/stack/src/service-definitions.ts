import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StackKeys } from './keys';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from './token';

export const serviceNames = ['connection-service', 'export-orchestrator', 'klaviyo-sink', 'klaviyo-simulator'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Services that keep their state in a PostgreSQL database of their own. */
export const databaseOwners = [
  'connection-service',
  'export-orchestrator',
  'klaviyo-sink',
] as const satisfies readonly ServiceName[];

export const defaultPorts: Readonly<Record<ServiceName, number>> = {
  'connection-service': 3001,
  'export-orchestrator': 3002,
  'klaviyo-sink': 3003,
  'klaviyo-simulator': 3004,
};

/** The account that the simulator starts with. */
export const simulatedAccount = { id: 'ACC001', apiKey: 'pk_simulator_full_access_0001', listId: 'LST001' } as const;

export interface ServiceSurroundings {
  readonly dir: string;
  readonly keys: StackKeys;
  readonly kafkaBrokers: string;
  readonly databases: Readonly<Record<string, string>>;
  readonly klaviyoApiUrl: string;
  readonly klaviyoSinkUrl: string;
  readonly environmentId: string;
  readonly snapshotRoot: string;
  /** Further roots that the user allows, comma-separated. */
  readonly moreSnapshotRoots: string | undefined;
}

export type Settings = Readonly<Record<string, string>>;

/** The settings of each service beside its port. Whatever else the user's environment sets reaches the services as it is. */
export function settingsOf(service: ServiceName, around: ServiceSurroundings): Settings {
  switch (service) {
    case 'connection-service':
      return {
        ...common(service, around),
        SINK_PUBLIC_JWKS_FILE: around.keys.sinkPublicJwks,
        CONNECTION_SIGNING_PRIVATE_JWKS_FILE: around.keys.connectionPrivateJwks,
      };
    case 'export-orchestrator':
      return {
        ...common(service, around),
        ...staging(around),
        SNAPSHOT_ROOTS: [around.snapshotRoot, around.moreSnapshotRoots].filter(Boolean).join(','),
        KLAVIYO_SINK_URL: around.klaviyoSinkUrl,
        // Plans of two stacks must not share a folder that each of them sweeps.
        PLANNER_DIR: folder(around.dir, 'planner'),
      };
    case 'klaviyo-sink':
      return {
        ...common(service, around),
        ...staging(around),
        KLAVIYO_API_URL: around.klaviyoApiUrl,
        SINK_PRIVATE_JWKS_FILE: around.keys.sinkPrivateJwks,
        CONNECTION_SIGNING_PUBLIC_JWKS_FILE: around.keys.connectionPublicJwks,
      };
    case 'klaviyo-simulator':
      return { SIMULATOR_API_KEY: simulatedAccount.apiKey, SIMULATOR_LIST_ID: simulatedAccount.listId };
  }
}

function common(service: ServiceName, around: ServiceSurroundings): Settings {
  return {
    KAFKA_BROKERS: around.kafkaBrokers,
    // The stack makes every topic before a service starts.
    KAFKA_CREATE_TOPICS: 'false',
    // What the user's shell says about another Kafka or another issuer is not meant for this stack; empty means not set.
    KAFKA_SSL: '',
    KAFKA_SASL_MECHANISM: '',
    KAFKA_SASL_USERNAME: '',
    KAFKA_SASL_PASSWORD: '',
    AUTH_JWKS_URI: '',
    DATABASE_URL: around.databases[service] ?? '',
    ENVIRONMENT_ID: around.environmentId,
    AUTH_JWKS_FILE: around.keys.issuerPublicJwks,
    AUTH_ISSUER: TOKEN_ISSUER,
    AUTH_AUDIENCE: TOKEN_AUDIENCE,
  };
}

function staging({ dir, keys }: ServiceSurroundings): Settings {
  return { STAGING_URI: pathToFileURL(folder(dir, 'staging')).href, STAGING_KEY_FILE: keys.stagingKey };
}

function folder(dir: string, name: string): string {
  const path = join(dir, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
