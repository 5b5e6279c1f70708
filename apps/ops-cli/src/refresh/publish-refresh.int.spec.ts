import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafka, type KafkaMessage } from '@courier/kafka';
import { createTestTopics, randomName, testBrokers, until } from '@courier/testing';
import { OpsError } from '../ops-error';
import { refreshOf } from './build-event';
import { readManifestParts } from './cdm-manifest';
import { describePart } from './describe-part';
import { publishRefresh } from './publish-refresh';

const topic = randomName('refreshes');
const kafka = { brokers: testBrokers(), ssl: false };
let removeTopics: () => Promise<void>;
let dir: string;

beforeAll(async () => {
  removeTopics = await createTestTopics([topic]);
  dir = mkdtempSync(join(tmpdir(), 'courier-ops-'));
});

afterAll(async () => {
  rmSync(dir, { recursive: true });
  await removeTopics();
});

async function readOne(): Promise<KafkaMessage> {
  const client = createKafka(kafka, 'ops-spec');
  const consumer = client.consumer({ groupId: randomName('ops-spec'), maxWaitTimeInMs: 250 });
  const messages: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void messages.push(message)) });
  try {
    return await until(() => messages[0]);
  } finally {
    await consumer.disconnect();
  }
}

describe('publishing a Customer Insights folder', () => {
  it('puts a CloudEvent with the rows, bytes and digest of every part under the key of the segment', async () => {
    const part = '"a@example.com","line one\nline two"\n"b@example.com","say ""hi"""\n';
    writeFileSync(join(dir, 'Vips_1.csv'), part);
    writeFileSync(join(dir, 'Vips_2.csv'), '');
    const partitions = [{ location: 'Vips_1.csv' }, { location: pathToFileURL(join(dir, 'Vips_2.csv')).href }];
    const manifestFile = join(dir, 'model.json');
    writeFileSync(manifestFile, JSON.stringify({ entities: [{ name: 'Vips', attributes: [{ name: 'Email' }], partitions }] }));

    const parts = [];
    for (const file of await readManifestParts({ manifestFile, entityName: 'Vips', locations: [] }))
      parts.push((await describePart(file, 'cdm-csv')).part);
    const event = refreshOf({
      environmentId: 'dev',
      segmentId: 'vips',
      refreshId: 'r-1',
      sequence: 5,
      format: 'cdm-csv',
      compression: 'none',
      manifest: { manifestUri: pathToFileURL(manifestFile).href, entity: 'Vips' },
      parts,
      completedAt: new Date(),
    });
    const eventId = await publishRefresh(kafka, event, topic);

    const message = await readOne();
    const header = (name: string) => message.headers?.[name]?.toString();
    expect(message.key?.toString()).toBe('vips');
    expect(header('ce_id')).toBe(eventId);
    expect(header('ce_specversion')).toBe('1.0');
    expect(header('ce_type')).toBe('segment.refreshed.v1');
    expect(header('ce_source')).toBe('urn:segment-courier:ops');
    expect(header('ce_subject')).toBe('vips');
    expect(header('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(JSON.parse(message.value?.toString() ?? '')).toEqual(event);
    expect(event.snapshot.rowCount).toBe(2);
    expect(event.snapshot.partitions[0]).toEqual({
      uri: pathToFileURL(join(dir, 'Vips_1.csv')).href,
      rows: 2,
      bytes: Buffer.byteLength(part),
      sha256: createHash('sha256').update(part).digest('hex'),
    });
  });

  it('counts the records of each part as model.json describes it', async () => {
    const parts: [string | Buffer, object | null, number][] = [
      ['"a\nb",1\n', null, 1],
      ['"a\nb",1\n', { quoteStyle: 'QuoteStyle.None' }, 2],
      ['5" x\n"a\nb"\n', { csvStyle: 'CsvStyle.QuoteAfterDelimiter' }, 2],
      ['Email;Name\na;"x\ny"\n', { columnHeaders: true, delimiter: ';' }, 1],
      [Buffer.from('a\nb\n', 'utf16le'), { encoding: 'UTF-16' }, 2],
    ];
    const partitions = parts.map(([content, fileFormatSettings], index) => {
      writeFileSync(join(dir, `Read_${index}.csv`), content);
      return { location: `Read_${index}.csv`, fileFormatSettings };
    });
    const manifestFile = join(dir, 'read.model.json');
    writeFileSync(manifestFile, JSON.stringify({ entities: [{ name: 'Read', attributes: [{ name: 'Email' }], partitions }] }));
    const rows: number[] = [];
    for (const file of await readManifestParts({ manifestFile, entityName: 'Read', locations: [] }))
      rows.push((await describePart(file, 'cdm-csv')).part.rows);
    expect(rows).toEqual(parts.map(([, , count]) => count));
  });

  it('names a part that is missing', async () => {
    await expect(describePart({ file: join(dir, 'Vips_9.csv'), reading: null }, 'cdm-csv')).rejects.toMatchObject({
      code: 'part_missing',
      exitCode: 1,
    });
  });

  it('explains that the topic is missing', async () => {
    const event = refreshOf({
      environmentId: 'dev',
      segmentId: 's',
      refreshId: 'r',
      sequence: 1,
      format: 'csv',
      compression: 'none',
      parts: [],
      completedAt: new Date(),
    });
    const publishing = publishRefresh(kafka, event, randomName('missing'));
    await expect(publishing).rejects.toThrow(OpsError);
    await expect(publishing).rejects.toMatchObject({ code: 'kafka_failed' });
  });
});
