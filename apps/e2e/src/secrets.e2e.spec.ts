import { topicPlans } from '@courier/contracts';
import { dumpDatabase, readTopic } from '@courier/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, createExport, finished, firstRunOf, readRun } from './harness/api';
import { generate, refresh, sampleMapping } from './harness/segment';
import { control, SimulatedAccount } from './harness/simulator';
import { stack, stackDir } from './harness/stack';

/** Folders in which profiles or keys may lie: upstream's own files, the databases' files (their rows are read), Kafka's (likewise). */
const setApart = ['snapshots', 'postgres', 'kafka'];

describe('keys and profiles', () => {
  afterEach(() => control('PUT', 'job-rules', { failEmails: [] }));

  it('are in no topic, database row, log, HTTP answer or file of ours after runs with every kind of outcome', async () => {
    const account = await SimulatedAccount.create();
    const segment = await generate({ people: 500 });
    const { id: connectionId } = await createConnection(account.apiKey);
    const fields = { connectionId, listId: account.listId, segmentIds: [segment.entity], mapping: sampleMapping };
    const { id: exportId } = await createExport(fields);
    const people = [...segment.validEmails()];
    await control('PUT', 'job-rules', { failEmails: people.slice(0, 2) });
    await refresh(segment);
    const run = await finished((await firstRunOf(exportId)).id);
    expect(run.counts.rejected).toBe(2);

    const places = new Map<string, string>();
    for (const { topic } of topicPlans(1)) places.set(`topic ${topic}`, await readTopic(stack().kafkaBrokers.split(','), topic));
    for (const [service, url] of Object.entries(stack().databases)) places.set(`database ${service}`, await dumpDatabase(url));
    for (const file of files(stackDir())) places.set(file, readFileSync(file, 'latin1'));
    places.set('the run', JSON.stringify(await readRun(run.id)));

    // The scan reads what it should: ids that must be there are.
    expect(places.get('topic export.runs')).toContain(run.id);
    expect(places.get('database klaviyo-sink')).toContain(run.id);
    const needles = [account.apiKey, ...people.slice(0, 50), ...people.slice(0, 50).map((email) => email.replace('@', '%40'))];
    const leaks = [...places].flatMap(([place, text]) => needles.filter((needle) => text.includes(needle)).map(() => place));
    expect([...new Set(leaks)]).toEqual([]);
  });
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !setApart.some((name) => path === name || path.startsWith(`${name}/`)))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
}
