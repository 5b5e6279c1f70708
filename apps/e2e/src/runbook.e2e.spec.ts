import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@courier/contracts';
import { publishEvent, until } from '@courier/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { finished, runsOf, startRun } from './harness/api';
import { Journey } from './harness/journey';
import { ops } from './harness/ops';
import { refresh } from './harness/segment';
import { stack, stackDir } from './harness/stack';

/** Of a machine four times slower than a usual one. */
const RUN_MAX_MS = 300_000;

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/runbook.md'), 'utf8');

/** The `sh` blocks below the heading that begins so. */
function blocks(heading: string): [string, ...string[]] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const [first, ...others] = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
  if (first === undefined) throw new Error(`the runbook has no commands under "${heading}"`);
  return [first, ...others];
}

/** Types a case as it stands. */
function type(heading: string, variables: Record<string, string> = {}): Promise<string> {
  const [, ...look] = blocks('First');
  return typed(heading, [...look, ...blocks(heading)].join('\n'), variables);
}

/** In one shell that ends at the first failure, below what the page defines; what it printed. */
async function typed(heading: string, commands: string, variables: Record<string, string> = {}): Promise<string> {
  const script = ['set -euo pipefail', blocks('First')[0], commands].join('\n');
  const env = { ...process.env, STACK_DIR: stackDir(), ...variables };
  const child = spawn('bash', ['-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (process.env['RUNBOOK_SHOW'] !== undefined) process.stdout.write(`\n## ${heading}\n${printed}`);
  if (code !== 0) throw new Error(`"${heading}" ended with ${code}:\n${printed}`);
  return printed;
}

describe('the runbook, typed as it stands', () => {
  const since = new Date().toISOString().replace('Z', '');
  let journey: Journey;

  beforeAll(async () => {
    journey = await Journey.prepare(300);
    await journey.begin();
    await journey.endsWell();
  });

  /** Runs of the journey's export that are not known yet, when as many have ended. */
  const newRuns = async (known: ReadonlySet<string>, count: number) => {
    const fresh = await until(async () => {
      const found = (await runsOf(journey.exportId)).filter(({ id }) => !known.has(id));
      return found.length >= count ? found : null;
    }, RUN_MAX_MS);
    return Promise.all(fresh.map(({ id }) => finished(id)));
  };
  const knownRuns = async () => new Set((await runsOf(journey.exportId)).map(({ id }) => id));
  const jobs = async () => (await journey.account.jobs()).length;

  it('reruns one export', async () => {
    const known = await knownRuns();
    const printed = await type('1.', { EXPORT: journey.exportId });
    expect(printed.match(/"status":"ready"/g)).toHaveLength(2);
    const runs = await newRuns(known, 1);
    expect(runs).toMatchObject([{ trigger: 'manual', kind: 'full' }]);
    expect(await jobs()).toBe(2);
  });

  it('reruns everything since a time', async () => {
    const known = await knownRuns();
    await type('2.', { SINCE: since });
    expect(await newRuns(known, 1)).toMatchObject([{ trigger: 'replay', kind: 'full', replayOf: journey.runId }]);
    expect(await jobs()).toBe(3);
  });

  it('replays only the sink, and nothing older than the newest full run', async () => {
    const known = await knownRuns();
    await type('3.', { SINCE: since });
    const runs = await newRuns(known, 3);
    expect(runs.map(({ trigger, status }) => `${trigger} ${status}`).sort()).toEqual([
      'replay succeeded',
      'replay superseded',
      'replay superseded',
    ]);
    expect(await jobs()).toBe(4);
  });

  it('gets past a poison record', async () => {
    const { kafkaBrokers } = stack();
    const record = { topic: topics.segmentRefreshes.name, key: 'poison', type: 'segment.refreshed.v1', data: { no: 'refresh' } };
    const eventId = await publishEvent(kafkaBrokers.split(','), record);
    const letter = await until(async () => {
      const { items } = await ops<{ items: { id: string; eventId: string }[] }>('dead-letters', 'list');
      return items.find((item) => item.eventId === eventId);
    });
    expect(await type('4.', { LETTER: letter.id })).toMatch(/State\s+discarded[^]*dead_letter\.discarded/);
  });

  it('loses offsets and reruns nothing', async () => {
    const known = await knownRuns();
    expect(await type('5.')).toContain('klaviyo.batches');
    await finished((await startRun(journey.exportId)).id);
    expect(await newRuns(known, 1)).toHaveLength(1);
    expect(await jobs()).toBe(5);
  });

  describe('when a topic or a database is not as it was left', () => {
    const TOPIC = topics.segmentRefreshes.name;
    const DATABASE = 'export_orchestrator';
    const BACKUP = `${DATABASE}_${process.pid}`;
    const tool = (name: string) =>
      `java -cp "$(stack kafkaLibs)/*" org.apache.kafka.tools.${name} --bootstrap-server "$(stack kafkaBrokers)"`;

    /** Something happens to the topic while the service is away, which then waits for a decision. */
    async function whileAway(commands: string, { event, code }: { event: () => Promise<unknown>; code: string }): Promise<void> {
      await typed('away', 'ops stack stop export-orchestrator');
      await event();
      const printed = await typed('meanwhile', `${commands}\nops stack start export-orchestrator`, { TOPIC });
      expect(printed).toContain('waits for a decision');
      expect(printed).toContain(code);
    }

    it('refuses a skip forward, and the refresh between is read', async () => {
      const known = await knownRuns();
      const copy = `CREATE DATABASE ${BACKUP} TEMPLATE ${DATABASE} OWNER ${DATABASE}`;
      const forward = 'groups --group export-orchestrator --topic "$TOPIC" --reset-offsets --to-latest --execute';
      await whileAway([forward, blocks('6.')[0].split('\nops ')[0], `sql '${copy}'`].join('\n'), {
        event: () => refresh(journey.segment),
        code: 'skip_requested',
      });
      const printed = await type('7.', { TOPIC });
      expect(printed).toMatch(/"intake":"[^"]*skip_requested/);
      expect(printed).toMatch(/is paused \(skip_requested\)[^]*: done\./);
      expect(await newRuns(known, 1)).toMatchObject([{ trigger: 'refresh', kind: 'full', counts: { accepted: 300 } }]);
    });

    it('restores an older database, and what came by Kafka since comes again', async () => {
      const before = await newestRun();
      const printed = await type('6.', { DATABASE, BACKUP });
      expect(printed).toContain('database_restored');
      const again = await until(async () => (await newestRun()).id === before.id && (await finished(before.id)));
      expect(again).toMatchObject({ counts: { accepted: 300 } });
    });

    it('goes on behind records that retention took', async () => {
      const known = await knownRuns();
      const offsets = `${tool('GetOffsetShell')} --topic "$TOPIC" --time latest`;
      const json = `node -p 'JSON.stringify({ version: 1, partitions: require("fs").readFileSync(0, "utf8").trim().split("\\n").map((line) => line.split(":")).map(([topic, partition, offset]) => ({ topic, partition: Number(partition), offset: Number(offset) })) })'`;
      const remove = `${offsets} | ${json} > "$STACK_DIR/delete.json"\n${tool('DeleteRecordsCommand')} --offset-json-file "$STACK_DIR/delete.json"`;
      await whileAway(remove, { event: () => refresh(journey.segment), code: 'retention_gap' });
      expect(await type('8.', { TOPIC })).toMatch(/retention_gap[^]*: done\./);
      expect(await knownRuns()).toEqual(known);
    });

    it('adopts a topic that was made anew', async () => {
      const known = await knownRuns();
      const topic = (how: string) => `${tool('TopicCommand')} --topic "$TOPIC" ${how}`;
      // The name is taken until every log is gone.
      const remake = `${topic('--delete')}\nuntil ${topic('--create --partitions 6')}; do sleep 1; done`;
      await whileAway(remake, { event: () => Promise.resolve(), code: 'topic_truncated' });
      expect(await type('9.', { TOPIC })).toMatch(/topic_truncated[^]*: done\./);
      await refresh(journey.segment);
      expect(await newRuns(known, 1)).toMatchObject([{ trigger: 'refresh' }]);
    });

    const newestRun = async () => (await runsOf(journey.exportId))[0] ?? { id: '' };
  });

  it('reruns what is chosen, and nothing that has ended well where only the rest is wanted', async () => {
    const known = await knownRuns();
    expect(await type('10.', { EXPORT: journey.exportId })).toContain('No run is to be repeated');
    expect(await newRuns(known, 1)).toMatchObject([{ trigger: 'replay', kind: 'full' }]);
  });
});
