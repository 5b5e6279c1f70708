import { startTelemetry } from '@courier/telemetry/start';
import { publishRecords, randomName, type RawHeaderValue, type RawRecord, testBrokers, until } from '@courier/testing';
import { stopTelemetry } from '@courier/telemetry';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { IntakeReadiness } from './readiness';

const NOT_UTF8 = Buffer.from([0xc3, 0x28, 0xff]);
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const oddValues: [string, RawHeaderValue | RawHeaderValue[]][] = [
  ['null', null],
  ['twice null', [null, null]],
  ['empty', ''],
  ['not UTF-8', NOT_UTF8],
  ['a control character', 'a\u0000b'],
  ['too long', 'x'.repeat(70_000)],
  ['a traceparent with nothing in it', '00-00000000000000000000000000000000-0000000000000000-00'],
];
const required = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type'];
const optional = [
  'ce_time',
  'ce_subject',
  'traceparent',
  'tracestate',
  'baggage',
  'content-type',
  'own',
  '',
  '__proto__',
  'constructor',
];

/** What no client of ours can write and the broker takes. */
describe('a record that is odd in one place', () => {
  const harness = new IntakeHarness();

  beforeAll(async () => {
    // As a service has it: headers are read as traces too, and spans are made and sent.
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:9';
    startTelemetry({ serviceName: 'spec' });
    await harness.prepare();
    await harness.start();
  });
  afterAll(async () => {
    await harness.dispose();
    await stopTelemetry();
  });

  const note = (name: string, changes: Partial<RawRecord> = {}): RawRecord => {
    const headers = {
      ce_specversion: '1.0',
      ce_id: randomName('event'),
      ce_source: '/spec',
      ce_type: 'note.v1',
      traceparent: TRACEPARENT,
    };
    return {
      key: Buffer.from('key'),
      value: Buffer.from(JSON.stringify({ name })),
      ...changes,
      headers: { ...headers, ...changes.headers },
    };
  };

  /** Which of these records, and the one behind each of them, had an effect; the others are dead letters, by their reason. */
  async function endsOf(records: RawRecord[]): Promise<string[]> {
    const { high: from } = await harness.asAdmin(
      async (admin) => (await admin.fetchTopicOffsets(harness.topic))[0] ?? { high: '0' },
    );
    const all = records.flatMap((record, index) => [record, note(`behind ${index}`)]);
    await publishRecords(testBrokers(), harness.topic, all);
    const end = Number(from) + all.length;
    const position = async () => {
      const rows: { next: number }[] = await harness.dataSource.query('SELECT next_offset::int AS next FROM intake_positions');
      return rows[0]?.next;
    };
    await until(async () => (await position()) === end);
    const letters: { at: number; reason: string; detail: string }[] = await harness.dataSource.query(
      'SELECT record_offset::int AS at, reason, detail FROM dead_letters WHERE record_offset >= $1',
      [from],
    );
    expect(letters.filter(({ at }) => (at - Number(from)) % 2 === 1)).toEqual([]);
    return records.map((_record, index) => {
      const letter = letters.find(({ at }) => at === Number(from) + index * 2);
      return letter === undefined ? 'done' : `${letter.reason}: ${letter.detail}`;
    });
  }

  it.each(optional)('in the header %p has its effect: whatever is no text is absent', async (name) => {
    const records = oddValues.map(([, value]) => note('odd', { headers: { [name]: value } }));
    expect(await endsOf(records)).toEqual(oddValues.map(() => 'done'));
  });

  it.each(required)('in the header %p is a dead letter that names it', async (name) => {
    const records = oddValues.map(([, value]) => note('odd', { headers: { [name]: value } }));
    const ends = await endsOf(records);
    expect(ends.slice(0, -1).map((end) => end.startsWith(`undecodable: header ${name} `))).toEqual(ends.slice(1).map(() => true));
  });

  it.each([...required, 'ce_time', 'ce_subject', 'traceparent'])(
    'has the first value of %p that is there, where it is repeated',
    async (name) => {
      const right = {
        ce_specversion: '1.0',
        ce_source: '/spec',
        ce_type: 'note.v1',
        ce_time: '2026-11-24T02:15:44Z',
        traceparent: TRACEPARENT,
      };
      const value = (right as Record<string, string>)[name] ?? randomName(name);
      const again = name === 'ce_id' ? randomName(name) : value;
      const records = [
        [null, value],
        [again, null],
        [again + (name === 'ce_id' ? 'x' : ''), null, NOT_UTF8],
      ];
      expect(await endsOf(records.map((values) => note('odd', { headers: { [name]: values } })))).toEqual([
        'done',
        'done',
        'done',
      ]);
    },
  );

  it('in its key or its value ends, and the next goes on', async () => {
    const keys = [null, Buffer.alloc(0), NOT_UTF8, Buffer.from('a\u0000b'), Buffer.alloc(100_000, 'x')];
    expect(await endsOf(keys.map((key) => note('odd', { key })))).toEqual(keys.map(() => 'done'));
    const values = [null, Buffer.alloc(0), NOT_UTF8, Buffer.from('null'), Buffer.from('"\\ud800"'), Buffer.alloc(900_000, '[')];
    const ends = await endsOf(keys.flatMap((key) => values.map((value) => note('odd', { key, value }))));
    expect(ends.filter((end) => !/^(undecodable|invalid_message): /.test(end))).toEqual([]);
  });

  it('in the bytes of its headers’ names, or in how many there are, has its effect', async () => {
    const right = Object.entries(note('odd').headers) as [string, string][];
    const odd = [
      [...right, [NOT_UTF8, null]],
      [[Buffer.alloc(0), Buffer.alloc(0)], ...right],
      [...right, ...Array.from({ length: 60_000 }, (_, index): [string, null] => [`own-${index}`, null])],
      [...right, ...Array.from({ length: 300 }, (): [string, null] => ['ce_subject', null])],
    ] as [string | Buffer, RawHeaderValue][][];
    const records = odd.map((headers, index) => {
      const named = headers.map(([name, value]) => [name, name === 'ce_id' ? `${String(value)}-${index}` : value] as const);
      return { ...note('odd'), headers: named };
    });
    expect(await endsOf(records)).toEqual(odd.map(() => 'done'));
  });

  it('leaves readiness as it was', async () => {
    const readiness = harness.running.get(IntakeReadiness);
    expect([await readiness.check(), readiness.waits()]).toEqual([null, null]);
  });
});
