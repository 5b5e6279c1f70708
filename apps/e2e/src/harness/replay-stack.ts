import { expect } from '@jest/globals';
import { type Run, topics } from '@courier/contracts';
import { evictMembers, fetchAnew, readTopic, until } from '@courier/testing';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, finished, runsOf } from './api';
import { Journey } from './journey';
import { ops } from './ops';
import { OwnStack } from './own-stack';
import { stack } from './stack';

/** Of a machine four times slower than a usual one. */
const SETTLED_MAX_MS = 300_000;
const ANSWER_MAX_MS = 120_000;

/** The two services that replay. */
export type Replayer = 'export-orchestrator' | 'klaviyo-sink';

export const topicOf = { 'export-orchestrator': 'segment.refreshes', 'klaviyo-sink': 'klaviyo.batches' } as const;

export interface Intake {
  partitions: { topic: string; partition: number; position: number; generation: number; paused: { code: string } | null }[];
  epochs: { topic: string; epoch: number; state: string }[];
  journal: { topic: string; partition: number; code: string }[];
}

/** A stack with two instances of each service that replays, whose processes die at named steps of their intake when they are told to. */
export class ReplayStack {
  private constructor(
    readonly own: OwnStack,
    private readonly orders: string,
  ) {}

  static async start(): Promise<ReplayStack> {
    const orders = mkdtempSync(join(tmpdir(), 'courier-break-'));
    const environment = {
      NODE_OPTIONS: `--require=${join(__dirname, 'break-services.cjs')}`,
      BREAK_SERVICES_DIR: orders,
    };
    return new ReplayStack(await OwnStack.start({ 'export-orchestrator': 2, 'klaviyo-sink': 2 }, environment), orders);
  }

  async stop(): Promise<void> {
    delete process.env['NODE_OPTIONS'];
    await this.own.stop();
    rmSync(this.orders, { recursive: true, force: true });
  }

  /** Stops all instances of the services, does the work, and starts them; resolves when they are ready. */
  async whileDown(services: readonly Replayer[], work: () => Promise<unknown>): Promise<void> {
    await this.bringDown(services, work);
    await Promise.all(services.map((service) => this.own.startAgain(service)));
  }

  /** The same, but a start that cannot come to its end by itself: `meanwhile` must bring that about. */
  async whileDownThen(service: Replayer, work: () => Promise<unknown>, meanwhile: () => Promise<unknown>): Promise<void> {
    await this.bringDown([service], work);
    await Promise.all([this.own.startAgain(service), meanwhile()]);
    // An instance may have been ready and died again.
    await until(
      () =>
        this.problem(service).then(
          (problem) => problem === null,
          () => false,
        ),
      SETTLED_MAX_MS,
    );
  }

  private async bringDown(services: readonly Replayer[], work: () => Promise<unknown>): Promise<void> {
    await Promise.all(services.map((service) => this.own.stopService(service)));
    await work();
  }

  /** Kills every instance; resolves when others run in their places and the group knows that the first are gone. */
  async kill(service: Replayer): Promise<void> {
    await this.own.kill(service);
    await this.evict(service);
  }

  private evict(service: Replayer): Promise<void> {
    return evictMembers(this.own.stack.file.kafkaBrokers.split(','), service);
  }

  /** From now on the first instance that comes to the step dies of SIGKILL. Resolves when it did and its group knows. */
  async dies(service: Replayer, step: string): Promise<void> {
    const order = join(this.orders, `${service}.crash`);
    writeFileSync(order, JSON.stringify({ topic: topicOf[service], step }));
    await until(() => existsSync(`${order}ed`), SETTLED_MAX_MS).catch(() => {
      throw new Error(`no instance of ${service} came to "${step}"`);
    });
    rmSync(`${order}ed`);
    await this.evict(service);
  }

  /** While true the service sees commits as if the broker lost their metadata. */
  forgetMetadata(service: Replayer, forgets: boolean): void {
    const order = join(this.orders, `${service}.forgetful`);
    if (forgets) writeFileSync(order, '');
    else rmSync(order, { force: true });
  }

  /** What the instances say together on /health/ready about their intake; null when all are ready. */
  async problem(service: Replayer): Promise<string | null> {
    const { urls = [] } = this.own.stack.file.services[service] ?? {};
    const problems = await Promise.all(
      urls.map(async (url) => {
        const response = await fetchAnew(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
        const body = (await response.json()) as { problems: { intake?: string } };
        return body.problems.intake ?? null;
      }),
    );
    return problems.filter((problem) => problem !== null).join('; ') || null;
  }

  /** Partitions of the service's topic that wait for an operator for this reason, when /health/ready says so too. */
  async pausedFor(service: Replayer, code: string): Promise<number[]> {
    // Instances answer before they have joined, and their partitions come to the pause one by one.
    const isSettled = (problem: string | null) =>
      problem?.includes(code) === true && !/ is not open yet| has not joined /.test(problem);
    await until(async () => isSettled(await this.problem(service).catch(() => null)), SETTLED_MAX_MS);
    const { partitions } = await this.intake(service);
    return partitions.flatMap(({ partition, paused }) => (paused?.code === code ? [partition] : []));
  }

  /** `ops replay approve|adopt` for each of them. */
  async decide(service: Replayer, partitions: readonly number[], ...decision: string[]): Promise<void> {
    for (const partition of partitions) {
      const [verb = '', ...how] = decision;
      const where = ['--topic', topicOf[service], '--partition', String(partition)];
      const told = await ops<{ answers: unknown[] }>('replay', verb, ...where, ...how, '--reason', 'it is fine', '--yes');
      expect(told.answers).toEqual([{ place: `${topicOf[service]}/${partition}`, answer: 'done' }]);
    }
  }

  async journalCodes(service: Replayer): Promise<string[]> {
    return (await this.intake(service)).journal.map(({ code }) => code);
  }

  /** Of the first instance, which may have died a moment ago. */
  intake(service: Replayer): Promise<Intake> {
    return until(() =>
      call<Intake>(service, 'GET', '/v1/intake').then(
        ({ body }) => body,
        () => null,
      ),
    );
  }

  /** The numbers of the replays of the service's topic, oldest first. */
  async epochs(service: Replayer): Promise<number[]> {
    const { epochs } = await this.intake(service);
    const ours = epochs.filter(({ topic }) => topic === topicOf[service]).map(({ epoch }) => epoch);
    return [...new Set(ours)].sort((a, b) => a - b);
  }
}

/** Two exports, each with a run that has ended. */
export async function deliveredJourneys(): Promise<[Journey, Journey]> {
  const journeys = await Promise.all([Journey.prepare(200), Journey.prepare(100)]);
  await Promise.all(journeys.map((journey) => journey.begin()));
  await Promise.all(journeys.map((journey) => journey.endsWell()));
  return journeys;
}

/** How many jobs Klaviyo has of each. */
export async function jobsOf(...journeys: Journey[]): Promise<number[]> {
  return Promise.all(journeys.map(async ({ account }) => (await account.jobs()).length));
}

/** How many batches of the journey's export the topic holds, each counted once however often it was announced. */
export async function batchesOf({ exportId }: Journey): Promise<number> {
  const records = await readTopic(stack().kafkaBrokers.split(','), topics.batches.name);
  const ofExport = records.split('\n').filter((record) => record.includes(`"exportId":"${exportId}"`));
  return new Set(ofExport.flatMap((record) => /"batchId":"([^"]+)"/.exec(record)?.[1] ?? [])).size;
}

/** All runs of the export, when there are so many and each has its end; newest first. */
export async function endedRuns({ exportId }: { exportId: string }, count: number): Promise<Run[]> {
  const runs = await until(async () => {
    const found = await runsOf(exportId).catch(() => []);
    return found.length >= count ? found : null;
  }, SETTLED_MAX_MS);
  return Promise.all(runs.map(({ id }) => finished(id)));
}
