import { join } from 'node:path';
import { untilMembersLeft } from './consumer-group';
import type { ManagedProcess } from './managed-process';
import { reservePort, type ReservedPort } from './ports';
import type { ProcessSet } from './process-set';
import { defaultPorts, type ServiceName, type Settings } from './service-definitions';
import { StackError } from './stack-error';

/** What /health/ready says. */
interface Readiness {
  status?: string;
  problems: Record<string, string>;
}

const READY_TIMEOUT_MS = 5_000;
/** Longer than a service takes to drain. */
const GRACE_MS = 8_000;

/** Young objects get 4 MB instead of 16: a start takes no longer, and a service 35 to 55 MB less. */
const nodeOptions = ['--max-semi-space-size=4'];

/** One service with all its instances. Each instance keeps its address for the whole life of the stack. */
export class Service {
  private instances: ManagedProcess[] = [];
  private lastAction: Promise<void> = Promise.resolve();
  /** Undefined where it reads no topic. */
  private brokers: string | undefined;

  private constructor(
    readonly name: ServiceName,
    private readonly ports: readonly ReservedPort[],
  ) {}

  /** Takes the addresses; nothing runs yet. The first instance gets the service's usual port where that is free. */
  static async reserve(name: ServiceName, instances: number): Promise<Service> {
    const ports: ReservedPort[] = [];
    for (let index = 0; index < instances; index += 1)
      ports.push(await reservePort(index === 0 ? defaultPorts[name] : undefined));
    return new Service(name, ports);
  }

  get urls(): string[] {
    return this.ports.map(({ port }) => `http://127.0.0.1:${port}`);
  }

  get url(): string {
    return this.urls[0] ?? '';
  }

  get pids(): number[] {
    return this.instances.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  }

  /** Gives the service its settings and starts every instance; returns when all are ready. */
  async launch(set: ProcessSet, appsDir: string, settings: Settings): Promise<void> {
    this.brokers = settings['KAFKA_BROKERS'];
    this.instances = this.ports.map(({ port }, index) => {
      const url = `http://127.0.0.1:${port}`;
      return set.declare({
        name: index === 0 ? this.name : `${this.name}-${index + 1}`,
        command: process.execPath,
        args: [...nodeOptions, 'dist/main.js'],
        cwd: join(appsDir, this.name),
        // Compiled code is kept between starts: a service is ready sooner.
        env: { ...settings, PORT: String(port), HOST: '127.0.0.1', NODE_COMPILE_CACHE: join(appsDir, '../.cache/node') },
        graceMs: GRACE_MS,
        notReady: () => askReadiness(url),
      });
    });
    await Promise.all(this.ports.map((port) => port.release()));
    await this.start();
  }

  start(): Promise<void> {
    return this.next((instance) => instance.start());
  }

  /** Returns when its processes are gone and have left their group. */
  async stop(): Promise<void> {
    await this.next((instance) => instance.stop());
    const problem = this.brokers === undefined ? null : await untilMembersLeft(this.brokers, this.name);
    if (problem !== null) throw new StackError(`${this.name} is stopped, but ${problem}`);
  }

  async restart(): Promise<void> {
    await this.next((instance) => instance.stop());
    await this.start();
  }

  /** What of it waits for somebody while it serves, in words; null where nothing does. */
  async waiting(): Promise<string | null> {
    const said = await Promise.all(this.urls.map((url) => readiness(url).catch(() => null)));
    for (const answer of said) {
      const { status, problems } = answer === null ? { problems: {} } : (JSON.parse(answer.text) as Readiness);
      if (status === 'degraded') return Object.values(problems).join('; ');
    }
    return null;
  }

  /** Stops without waiting for an action that is under way; only for the end of the whole stack. */
  async end(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.stop()));
  }

  /** Actions on one service follow one another, whoever asks for them. */
  private next(action: (instance: ManagedProcess) => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      await Promise.all(this.instances.map(action));
    };
    const result = this.lastAction.then(run, run);
    this.lastAction = result.catch(() => undefined);
    return result;
  }
}

/** On a connection of its own: one that was kept may belong to a process that has just ended. */
async function readiness(url: string): Promise<{ ok: boolean; status: number; text: string }> {
  const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
  const response = await fetch(`${url}/health/ready`, { headers: { connection: 'close' }, signal });
  return { ok: response.ok, status: response.status, text: await response.text() };
}

async function askReadiness(url: string): Promise<string | null> {
  try {
    const { ok, status, text } = await readiness(url);
    return ok ? null : `${url}/health/ready says ${status}: ${text.slice(0, 500)}`;
  } catch {
    return `${url} does not answer yet`;
  }
}
