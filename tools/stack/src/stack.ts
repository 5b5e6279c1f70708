import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Control } from './control';
import { ensureDatabases } from './databases';
import { type Detours, startInfrastructureIn, type Infrastructure } from './infrastructure';
import { ensureKeys } from './keys';
import { ProcessSet } from './process-set';
import { Service } from './service';
import {
  databaseOwners,
  defaultPorts,
  serviceNames,
  settingsOf,
  type ServiceName,
  type ServiceSurroundings,
} from './service-definitions';
import { removeStackFile, writeStackFile, type StackFile } from './stack-file';
import { mintToken } from './token';
import { ensureTopics, retentionHours } from './topics';
import { kafkaLibs, workspaceRoot } from './workspace';

export interface StackOptions {
  dir: string;
  /** How many of each service; one where nothing is said. */
  instances?: Partial<Record<ServiceName, number>>;
  /** `KLAVIYO_API_URL`, `ENVIRONMENT_ID`, `SNAPSHOT_ROOTS`, `TOPIC_RETENTION_HOURS`. Default: this process's own. */
  environment?: NodeJS.ProcessEnv;
  onProgress?: (line: string) => void;
  /** The folder that holds a folder with `dist/main.js` for each service. Default: the clone's own. */
  appsDir?: string;
  /** Between Kafka or PostgreSQL and the services, for specs; the stack's own way stays direct. */
  detours?: Detours;
}

const DEFAULT_ENVIRONMENT_ID = 'dev';
const TOKEN_RENEWAL_MS = 12 * 3_600_000;

/** The whole system on one machine. After `start` everything is ready and the stack file says where; `stop` leaves only data. */
export class Stack {
  private set: ProcessSet | null = null;
  private infrastructure: Infrastructure | null = null;
  private readonly services = new Map<ServiceName, Service>();
  private readonly control = new Control(this.services);
  private content: StackFile | null = null;
  private renewal: NodeJS.Timeout | null = null;
  private stopped: Promise<void> | null = null;

  constructor(private readonly options: StackOptions) {}

  get file(): StackFile {
    if (this.content === null) throw new Error('the stack is not ready');
    return this.content;
  }

  /** Kafka and PostgreSQL, for specs that end and start them. */
  get servers(): Infrastructure['processes'] {
    if (this.infrastructure === null) throw new Error('the stack is not ready');
    return this.infrastructure.processes;
  }

  /** A superuser's URL, past every detour, for specs that bring a database back from a dump. */
  get postgresAdminUrl(): string {
    return this.infrastructure?.postgresAdminUrl ?? '';
  }

  get dir(): string {
    return this.options.dir;
  }

  async start(): Promise<void> {
    const { dir, detours = {}, onProgress = () => undefined, environment = process.env } = this.options;
    const { appsDir = join(workspaceRoot, 'apps') } = this.options;
    mkdirSync(dir, { recursive: true });
    const set = await ProcessSet.open(dir);
    this.set = set;
    set.onNews = (line) => onProgress(`${new Date().toISOString()} ${line}`);
    removeStackFile(dir);
    if (this.stopped) set.close();

    onProgress('Starting Kafka and PostgreSQL ...');
    const keys = await ensureKeys(dir);
    this.infrastructure = await startInfrastructureIn(set, { durable: true, detours });
    const { clients, kafkaBrokers, postgresAdminUrl } = this.infrastructure;
    const [databases] = await Promise.all([
      ensureDatabases(dir, postgresAdminUrl, databaseOwners),
      ensureTopics(kafkaBrokers, retentionHours(environment)),
    ]);

    onProgress('Starting the services ...');
    const external = environment['KLAVIYO_API_URL'];
    await this.reserveServices(external ? serviceNames.filter((name) => name !== 'klaviyo-simulator') : serviceNames);
    const snapshotRoot = join(dir, 'snapshots');
    // People put real exports of their customers here.
    mkdirSync(snapshotRoot, { recursive: true, mode: 0o700 });
    const around: ServiceSurroundings = {
      dir,
      keys,
      kafkaBrokers: clients.kafkaBrokers,
      databases: withPort(databases, clients.postgresPort),
      klaviyoApiUrl: external || this.urlOf('klaviyo-simulator'),
      klaviyoSinkUrl: this.urlOf('klaviyo-sink'),
      environmentId: environment['ENVIRONMENT_ID'] || DEFAULT_ENVIRONMENT_ID,
      snapshotRoot,
      moreSnapshotRoots: environment['SNAPSHOT_ROOTS'],
    };
    await Promise.all([...this.services].map(([name, service]) => service.launch(set, appsDir, settingsOf(name, around))));
    await this.publish(set, around);
  }

  /** Ends everything in order: first the services, then what they work on. Safe to call at any time, and again. */
  stop(): Promise<void> {
    this.stopped ??= this.stopOnce();
    return this.stopped;
  }

  /** Ends everything hard and at once. */
  kill(): void {
    this.set?.killAll();
  }

  private async stopOnce(): Promise<void> {
    this.control.close();
    if (this.renewal) clearInterval(this.renewal);
    if (this.set === null) return;
    removeStackFile(this.dir);
    this.set.close();
    await Promise.all([...this.services.values()].map((service) => service.end()));
    await this.set.stopAll();
    this.set.dismiss();
  }

  private async reserveServices(names: readonly ServiceName[]): Promise<void> {
    for (const name of names) {
      const service = await Service.reserve(name, this.options.instances?.[name] ?? 1);
      this.services.set(name, service);
      const { port } = new URL(service.url);
      if (Number(port) !== defaultPorts[name]) {
        this.options.onProgress?.(`Port ${defaultPorts[name]} is taken, so ${name} listens on ${port}.`);
      }
    }
  }

  private urlOf(name: ServiceName): string {
    return this.services.get(name)?.url ?? '';
  }

  /** From here on the stack file exists and follows every change of a process id. */
  private async publish(set: ProcessSet, around: ServiceSurroundings): Promise<void> {
    await this.control.open();
    const operator = { sub: 'operator', name: 'Operator', roles: ['administrator'] } as const;
    let operatorToken = await mintToken(this.dir, operator);
    const write = (): void => {
      if (set.isClosing) return;
      this.content = {
        kafkaBrokers: around.kafkaBrokers,
        kafkaLibs: kafkaLibs(),
        databases: { ...around.databases },
        services: Object.fromEntries([...this.services].map(([name, { url, urls, pids }]) => [name, { url, urls, pids }])),
        klaviyoApiUrl: around.klaviyoApiUrl,
        snapshotRoot: around.snapshotRoot,
        environmentId: around.environmentId,
        logs: set.logs,
        control: { url: this.control.url, token: this.control.token },
        operatorToken,
      };
      writeStackFile(this.dir, this.content);
    };
    set.assertOpen();
    set.onChange = write;
    write();
    const renew = async (): Promise<void> => {
      operatorToken = await mintToken(this.dir, operator);
      write();
    };
    this.renewal = setInterval(() => void renew(), TOKEN_RENEWAL_MS);
  }
}

function withPort(urls: Readonly<Record<string, string>>, port: number): Record<string, string> {
  const moved = Object.entries(urls).map(([name, url]) => [name, Object.assign(new URL(url), { port: String(port) }).href]);
  return Object.fromEntries(moved) as Record<string, string>;
}

/** Starts a stack for a test harness; when the start fails, everything is stopped before it throws. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stack = new Stack(options);
  try {
    await stack.start();
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
