import { randomName, until } from '@courier/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { verdict } from '../intake/verdict';
import { IntakeHarness } from '../testing/intake-harness';
import { DeadLetterStore, type StoredDeadLetter } from './dead-letter-store';
import { ResolveDeadLetter } from './resolve-dead-letter';

const ada = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: '127.0.0.1' };
const decision = { by: ada, reason: 'the cause is mended', once: { record: () => Promise.resolve() } };

describe('a dead letter on the real broker and database', () => {
  let harness: IntakeHarness;

  beforeAll(async () => {
    harness = new IntakeHarness();
    await harness.prepare();
    await harness.start();
  });
  beforeEach(async () => {
    harness.behaviour = () => verdict.done();
    await harness.dataSource.query('DELETE FROM effects');
  });
  afterAll(() => harness.dispose());

  const resolve = () => harness.running.get(ResolveDeadLetter);
  const find = async (id: string) => (await harness.running.get(DeadLetterStore).find(id)) as StoredDeadLetter;

  /** The letter of a record that nobody can use yet, once the record after it went through. */
  async function deadLetterOf(record: {
    id?: string;
    key?: Buffer;
    value: string;
    headers?: Record<string, string>;
  }): Promise<StoredDeadLetter> {
    const marker = randomName('after');
    await harness.send([record, { value: JSON.stringify({ name: marker }) }]);
    await until(async () => (await harness.names()).includes(marker));
    const [letter] = await harness.running.get(DeadLetterStore).list({ limit: 1 });
    if (letter === undefined) throw new Error('there is no dead letter');
    await harness.dataSource.query('DELETE FROM effects');
    return letter;
  }
  const broken = () => {
    harness.behaviour = (name) => (name === 'poison' ? verdict.deadLetter('handler_failed', 'not yet') : verdict.done());
  };
  const poison = () => deadLetterOf({ value: JSON.stringify({ name: 'poison' }) });

  it('stays open while its cause lasts, and has exactly one effect once that is mended', async () => {
    broken();
    const { id } = await poison();
    expect(await harness.audited(id)).toEqual([]);
    expect(await resolve().retry(id, decision)).toMatchObject({ kind: 'retried', result: 'dead_lettered' });
    expect(await find(id)).toMatchObject({ state: 'open', retries: 1, resolvedBy: null });
    expect(await harness.names()).toEqual([]);

    harness.behaviour = () => verdict.done();
    const twice = await Promise.all([resolve().retry(id, decision), resolve().retry(id, decision)]);
    expect(twice.map(({ kind }) => kind).sort()).toEqual(['resolved_before', 'retried']);
    expect(await harness.names()).toEqual(['poison']);
    expect(await find(id)).toMatchObject({
      state: 'retried',
      retries: 2,
      resolvedBy: { sub: 'ada', name: 'Ada' },
      resolution: decision.reason,
    });
    expect(await resolve().retry(id, decision)).toEqual({ kind: 'resolved_before', state: 'retried' });
    const record = { action: 'dead_letter.retried', actor: ada, reason: decision.reason };
    const changes = [{ field: 'state', from: 'open', to: 'retried' }];
    expect(await harness.audited(id)).toMatchObject([
      { ...record, changes: [] },
      { ...record, changes },
    ]);
  });

  it('keeps nothing of a decision that another was quicker than, or of a retry that has to wait, and can be retried again', async () => {
    broken();
    const { id } = await poison();
    const overtaken = { ...decision, once: { record: () => Promise.reject(new Error('another was quicker')) } };
    await expect(resolve().discard(id, overtaken)).rejects.toThrow('quicker');
    harness.behaviour = () => verdict.retry(50, 'not_yet');
    await expect(resolve().retry(id, decision)).rejects.toMatchObject({ code: 'retry_not_now', retryable: true });
    expect(await harness.names()).toEqual([]);
    expect(await harness.audited(id)).toEqual([]);
    harness.behaviour = () => verdict.done();
    expect(await resolve().retry(id, decision)).toMatchObject({ result: 'done' });
  });

  it('has no effect when its event was used meanwhile', async () => {
    broken();
    const event = randomName('event');
    const { id } = await deadLetterOf({ id: event, value: JSON.stringify({ name: 'poison' }) });
    await harness.dataSource.query(`UPDATE inbox SET disposition = 'done' WHERE event_id = $1`, [event]);
    harness.behaviour = () => verdict.done();
    expect(await resolve().retry(id, decision)).toMatchObject({ result: 'known', letter: { state: 'retried' } });
    expect(await harness.names()).toEqual([]);
  });

  it('without an id can be tried again too, and be given up', async () => {
    const { id } = await deadLetterOf({ value: '{"name":' });
    expect(await resolve().retry(id, decision)).toMatchObject({ result: 'dead_lettered', letter: { reason: 'undecodable' } });
    expect(await resolve().discard(id, decision)).toMatchObject({ kind: 'discarded', letter: { state: 'discarded' } });
    expect((await harness.audited(id)).at(-1)).toMatchObject({ action: 'dead_letter.discarded', actor: ada });
    expect(await resolve().retry(id, decision)).toEqual({ kind: 'resolved_before', state: 'discarded' });
  });

  it('is told under its place where its key is longer than a note may be', async () => {
    const { partition, offset } = await deadLetterOf({ key: Buffer.alloc(3_000, 'k'), value: '{"name":' });
    const place = `${harness.topic}/${partition}/${offset}`;
    const left = 'SELECT key FROM outbox WHERE key = $1 AND published_at IS NOT NULL';
    await until(async () => (await harness.dataSource.query(left, [place])).length === 1);
  });

  it('is not retried with another record than its own, nor when that is past retention', async () => {
    broken();
    const { id, offset } = await poison();
    await harness.dataSource.query(`UPDATE dead_letters SET sha256 = 'another' WHERE id = $1`, [id]);
    expect(await resolve().retry(id, decision)).toEqual({ kind: 'record_changed' });
    const admin = harness.kafka.admin();
    await admin.connect();
    const partitions = [{ partition: 0, offset: String(BigInt(offset) + 1n) }];
    // kafkajs deletes only where it knows the leader already.
    await admin.fetchTopicOffsets(harness.topic);
    await admin.deleteTopicRecords({ topic: harness.topic, partitions });
    await admin.disconnect();
    expect(await resolve().retry(id, decision)).toEqual({ kind: 'record_gone' });
    expect(await find(id)).toMatchObject({ state: 'open', retries: 0 });
  });
});
