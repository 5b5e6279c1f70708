import {
  type InfrastructureName,
  reservePort,
  type ServiceName,
  type Stack,
  startStack,
  type StackOptions,
} from '@courier/stack';
import { fetchAnew, TcpProxy, NotYet, until } from '@courier/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, services } from './memory';

/** Leases, pauses and retries in seconds, so that a take-over does not take half a minute. A lease still outlives a call. */
const quick = {
  KLAVIYO_CALL_TIMEOUT_MS: '3000',
  SINK_RETRY_BASE_MS: '500',
  SINK_RECHECK_BASE_MS: '500',
  // With pauses this short the usual number of tries would be used up while a spec makes its faults.
  SINK_CALL_TRIES: '50',
};

/** Of a machine four times slower than a usual one. */
const START_MAX_MS = 300_000;
const READY_MAX_MS = 240_000;
const ANSWER_MAX_MS = 120_000;
const LAST_LINES = 10;

/** An instance that the stack's supervisor knows nothing of. */
export interface AddedInstance {
  service: Service;
  url: string;
  child: ChildProcess;
  exited: Promise<unknown[]>;
}

export interface Readiness {
  status: number;
  problems: string[];
}

/** A whole stack for one spec file, to be broken at will; a network that can be spoilt lies before Kafka and PostgreSQL. */
export class OwnStack {
  readonly network = new Map<InfrastructureName, TcpProxy>();
  private readonly dir = mkdtempSync(join(tmpdir(), 'courier-outages-'));
  private readonly added: AddedInstance[] = [];
  private readonly news: string[] = [];
  private running: Stack | null = null;

  /** `environment`: what the services get beside their settings. */
  static async start(instances: StackOptions['instances'] = {}, environment: Record<string, string> = {}): Promise<OwnStack> {
    const own = new OwnStack();
    Object.assign(process.env, quick, environment, { E2E_STACK_DIR: own.dir });
    const through = (name: InfrastructureName) => async (port: number) => {
      const proxy = await TcpProxy.start(port);
      own.network.set(name, proxy);
      return proxy.port;
    };
    const detours = { kafka: through('kafka'), postgresql: through('postgresql') };
    try {
      own.running = await startStack({ dir: own.dir, instances, detours, onProgress: (line) => own.news.push(line) });
    } catch (error) {
      // Proxies that still listen would keep Jest from ending.
      await own.stop();
      throw error;
    }
    return own;
  }

  get stack(): Stack {
    if (this.running === null) throw new Error('the stack does not run');
    return this.running;
  }

  pids(service: ServiceName): number[] {
    return this.stack.file.services[service]?.pids ?? [];
  }

  pidOf(service: Service): number {
    const [pid] = this.pids(service);
    if (pid === undefined) throw new Error(`${service} does not run`);
    return pid;
  }

  allPids(): number[] {
    return services.flatMap((service) => this.pids(service));
  }

  async readiness(service: Service, url = this.stack.file.services[service]?.url ?? ''): Promise<Readiness> {
    const response = await fetchAnew(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
    const { problems } = (await response.json()) as { problems: object };
    return { status: response.status, problems: Object.keys(problems) };
  }

  /** Every service says 503 and names exactly this. */
  async areNotReadyFor(name: string): Promise<true | NotYet> {
    const all = await Promise.all(services.map((service) => this.readiness(service).catch(() => null)));
    return all.every((readiness) => readiness?.status === 503 && readiness.problems.includes(name)) || new NotYet(all);
  }

  /** Fails with what each service says and wrote last: the stack and its logs are gone when somebody reads that. */
  async untilReady(timeoutMs = READY_MAX_MS): Promise<void> {
    await until(() => this.areReady(), timeoutMs).catch(async () => {
      throw new Error(`the services are not ready within ${timeoutMs} ms\n${await this.lastWords()}`);
    });
  }

  private async areReady(): Promise<boolean> {
    const all = await Promise.all(services.map((service) => this.readiness(service).catch(() => null)));
    return all.every((readiness) => readiness?.status === 200 && readiness.problems.length === 0);
  }

  private async lastWords(): Promise<string> {
    const said = services.map(async (service) => {
      const readiness = await this.readiness(service).catch((error: unknown) => String(error));
      const lines = this.logOf(service).trimEnd().split('\n').slice(-LAST_LINES);
      return [`${service} ${this.pids(service).join(', ')}: ${JSON.stringify(readiness)}`, ...lines].join('\n');
    });
    return [...this.news, ...(await Promise.all(said))].join('\n');
  }

  /** What readiness says until nobody answers any more. */
  async readinessUntilGone({ service, url }: AddedInstance): Promise<Readiness[]> {
    const seen: Readiness[] = [];
    for (;;) {
      const answer = await this.readiness(service, url).catch(() => null);
      if (answer === null) return seen;
      seen.push(answer);
    }
  }

  /** What `ops stack start` does; resolves when every instance of the service is ready. */
  startAgain(service: Service): Promise<void> {
    return this.ask(service, 'start');
  }

  /** What `ops stack stop` does; resolves when its instances are gone and have left their group. */
  stopService(service: Service): Promise<void> {
    return this.ask(service, 'stop');
  }

  /** Ends every instance of the service hard; resolves when others run in their places and answer. */
  async kill(service: Service): Promise<void> {
    const pids = this.pids(service);
    for (const pid of pids) signal(pid, 'SIGKILL');
    const areBack = () => this.pids(service).length === pids.length && this.pids(service).every((pid) => !pids.includes(pid));
    await until(areBack, READY_MAX_MS);
    await until(() => this.readiness(service).catch(() => null), READY_MAX_MS);
  }

  private async ask(service: Service, action: 'start' | 'stop'): Promise<void> {
    const { control } = this.stack.file;
    const headers = { authorization: `Bearer ${control.token}` };
    const response = await fetchAnew(`${control.url}/services/${service}/${action}`, { method: 'POST', headers });
    if (!response.ok) throw new Error(`${service} did not ${action}: ${await response.text()}`);
  }

  /** The planner's child processes of every orchestrator. */
  planners(): number[] {
    return this.pids('export-orchestrator').flatMap(childrenOf);
  }

  /** One more instance, with the settings of the first. */
  async add(service: Service): Promise<AddedInstance> {
    const environ = readFileSync(`/proc/${this.pidOf(service)}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean);
    const env = Object.fromEntries(environ.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    const cwd = join(__dirname, '../../..', service);
    const commandLine = readFileSync(`/proc/${this.pidOf(service)}/cmdline`, 'utf8')
      .split('\0')
      .filter(Boolean);
    // No supervisor ends it when the ring is broken off, so it goes with its parent.
    const command = ['--pdeathsig', 'KILL', ...commandLine];
    // Nobody else is given it before the instance listens there.
    const { port, release } = await reservePort();
    await release();
    const child = spawn('setpriv', command, { cwd, env: { ...env, PORT: String(port) }, stdio: 'ignore' });
    const instance = { service, url: `http://127.0.0.1:${port}`, child, exited: once(child, 'exit') };
    this.added.push(instance);
    await until(async () => (await this.readiness(service, instance.url).catch(() => null))?.status === 200, START_MAX_MS);
    return instance;
  }

  /** Ends the instances that were added, hard. */
  async killAdded(): Promise<void> {
    for (const { child } of this.added) child.kill('SIGKILL');
    await Promise.all(this.added.splice(0).map(({ exited }) => exited));
  }

  /** What the supervised instances of the service wrote to their logs. */
  logOf(service: Service): string {
    const { logs } = this.stack.file;
    const files = readdirSync(logs).filter((name) => new RegExp(`^${service}(-\\d+)?\\.log$`).test(name));
    return files.map((name) => readFileSync(join(logs, name), 'utf8')).join('');
  }

  async stop(): Promise<void> {
    try {
      await this.killAdded();
      for (const proxy of this.network.values()) await proxy.heal();
    } finally {
      await Promise.resolve(this.running?.stop()).finally(() => this.closeNetwork());
    }
  }

  private async closeNetwork(): Promise<void> {
    for (const proxy of this.network.values()) await proxy.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A process that is gone already has got what it was to get. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid);
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}
