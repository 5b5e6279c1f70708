import { topics, type Page, type Run } from '@courier/contracts';
import { publishEvent, randomName, until } from '@courier/testing';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DeadLetter, Observed, Outcome } from './case-outcome';
import { call, createConnection, isFinished, runsOf } from './api';
import { SimulatedAccount } from './simulator';
import { stack } from './stack';
import { produceLine } from './stock-tools';

const folder = join(__dirname, '../../cases');
const END_MAX_MS = 400_000;
const TOPIC = topics.segmentRefreshes.name;

/** An input that went wrong, as `cases/README.md` describes it. */
export interface Case {
  id: string;
  title: string;
  format: string;
  manifest?: string;
  entity?: string;
  parts: [file: string, records: number][];
  mapping: object;
  /** By `section.field`; the section `partition` is every part. */
  event?: Record<string, unknown>;
  /** A file with the line for Kafka's own console producer, instead of an event of ours. */
  line?: string | undefined;
  anyOf: Outcome[];
}

export function allCases(): Case[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8')) as Case);
}

/** Exports the case's segment into a list of an account of its own, up to the run's end or whatever came instead of a run. */
export async function travel(given: Case): Promise<Observed> {
  const account = await SimulatedAccount.create();
  const { id: connectionId } = await createConnection(account.apiKey);
  const segmentId = randomName(given.id);
  const fields = { name: given.title, connectionId, listId: account.listId, segmentIds: [segmentId], mapping: given.mapping };
  const created = await call<{ id: string }>('export-orchestrator', 'POST', '/v1/exports', { body: fields });
  if (created.status !== 201) return { created, run: null, deadLetter: null, profiles: [] };
  const seen = await endOf(given, created.body.id, await announce(given, segmentId));
  if (seen.deadLetter !== null && given.line !== undefined) {
    // The same partition, since the key is the same.
    const next = await announce({ ...given, line: undefined }, segmentId);
    seen.run = (await endOf(given, created.body.id, next)).run;
  }
  return { created, ...seen, profiles: await account.profilesOnList() };
}

/** The export's only run as soon as it has ended, or what the event became instead. */
async function endOf({ title }: Case, exportId: string, eventId: string): Promise<Pick<Observed, 'run' | 'deadLetter'>> {
  let run: Run | undefined;
  const look = async () => {
    // The record of case 27 could end the orchestrator.
    [run] = await runsOf(exportId).catch(() => []);
    if (run !== undefined) return isFinished(run) ? { run, deadLetter: null } : null;
    const deadLetter = await deadLetterOf(eventId).catch(() => null);
    return deadLetter === null ? null : { run: null, deadLetter };
  };
  return until(look, END_MAX_MS).catch(() => {
    const seen =
      run === undefined ? 'it became neither a run nor a dead letter' : `the run has not ended: ${JSON.stringify(run)}`;
    throw new Error(`${title}\n${seen} within ${END_MAX_MS} ms`);
  });
}

async function deadLetterOf(eventId: string): Promise<DeadLetter | null> {
  const path = `/v1/dead-letters?limit=200&topic=${TOPIC}`;
  const { items } = (await call<Page<DeadLetter>>('export-orchestrator', 'GET', path)).body;
  return items.find((letter) => letter.eventId === eventId) ?? null;
}

/** Copies the case's files below the snapshot root and tells the system about them; returns the event's id. */
async function announce(given: Case, segmentId: string): Promise<string> {
  const { environmentId, kafkaBrokers, snapshotRoot } = stack();
  const dir = join(snapshotRoot, segmentId);
  const uri = pathToFileURL(dir).href;
  mkdirSync(dir, { recursive: true });
  for (const [file] of given.parts) writeFileSync(join(dir, file), bytesOf(given, file));
  if (given.manifest) writeFileSync(join(dir, given.manifest), textOf(given, given.manifest).replaceAll('__DIR__', uri));
  if (given.line === undefined) {
    const data = eventOf(given, segmentId, { environmentId, uri });
    return publishEvent(kafkaBrokers.split(','), { topic: TOPIC, key: segmentId, type: 'segment.refreshed.v1', data });
  }
  const id = randomUUID();
  // The folder last: the segment's random name in it may begin as the one that is replaced.
  const line = textOf(given, given.line)
    .replaceAll(`${given.id}-2`, segmentId)
    .replace(/(?<=ce_id:)[^,]+/, id);
  await produceLine(TOPIC, line.replaceAll('__ENVIRONMENT__', environmentId).replaceAll('__DIR__', uri));
  return id;
}

const bytesOf = ({ id }: Case, file: string): Buffer => readFileSync(join(folder, id, file));
const textOf = (given: Case, file: string): string => bytesOf(given, file).toString();

/** A usual event, but for the fields that the case names. */
function eventOf(given: Case, segmentId: string, { environmentId, uri }: { environmentId: string; uri: string }): object {
  const at = new Date().toISOString();
  const changed = (section: string): object => {
    const fields = Object.entries(given.event ?? {}).filter(([path]) => path.startsWith(`${section}.`));
    return Object.fromEntries(fields.map(([path, value]) => [path.slice(section.length + 1), value]));
  };
  const partitions = given.parts.map(([file, rows]) => {
    const bytes = bytesOf(given, file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { uri: `${uri}/${file}`, rows, bytes: bytes.length, sha256, ...changed('partition') };
  });
  const manifest = given.manifest ? { manifestUri: `${uri}/${given.manifest}`, entity: given.entity } : {};
  const rowCount = given.parts.reduce((sum, [, rows]) => sum + rows, 0);
  return {
    environmentId,
    segment: { id: segmentId, displayName: given.title, type: 'dynamic', ...changed('segment') },
    refresh: { id: randomName('refresh'), trigger: 'scheduled', completedAt: at, result: 'successful', ...changed('refresh') },
    sequence: 1,
    snapshot: {
      format: given.format,
      ...manifest,
      partitions,
      compression: 'none',
      rowCount,
      createdAt: at,
      ...changed('snapshot'),
    },
  };
}
