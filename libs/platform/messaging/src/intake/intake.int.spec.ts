import type { Consumer } from '@courier/kafka';
import { AppError } from '@courier/kernel';
import { until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { commitMetadata } from './commit-metadata';

import { KafkaIntake } from './kafka-intake';
import { IntakeReadiness } from './readiness';
import { verdict } from './verdict';

describe('the intake on the real broker and database', () => {
  let harness: IntakeHarness;

  beforeEach(async () => {
    harness = new IntakeHarness();
    await harness.prepare();
    await harness.start();
  });

  afterEach(() => harness.dispose());

  const seen = (...names: string[]) => until(async () => JSON.stringify(await harness.names()) === JSON.stringify(names));
  const position = async () => {
    const rows: { next_offset: string }[] = await harness.dataSource.query('SELECT next_offset FROM intake_positions');
    return rows[0]?.next_offset;
  };
  const deadLetters = async (): Promise<Record<string, string>[]> => {
    const rows: { headers: Record<string, string> }[] = await harness.dataSource.query(
      `SELECT headers FROM outbox WHERE topic LIKE '%.dead-letters' ORDER BY id`,
    );
    return rows.map(({ headers }) => headers);
  };

  it('moves the position only together with the effect of the record', async () => {
    let tries = 0;
    harness.behaviour = () => {
      tries += 1;
      if (tries === 1) throw new AppError('database_away', 'first try', { retryable: true });
      return tries === 2 ? verdict.retry(50, 'not_yet') : verdict.done();
    };
    await harness.sendNotes('ada');
    await seen('ada');
    expect(tries).toBe(3);
    expect(await position()).toBe('1');
  });

  it('gives a redelivered event no second effect', async () => {
    const twice = { id: 'event-1', value: JSON.stringify({ name: 'ada' }) };
    await harness.send([twice, twice]);
    await harness.sendNotes('bob');
    await seen('ada', 'bob');
    expect(await position()).toBe('3');
  });

  it('goes on where PostgreSQL stands when a crash left the committed offset behind', async () => {
    await harness.sendNotes('ada', 'bob');
    await seen('ada', 'bob');
    await harness.stop();
    await commitAsCrashed(harness, '0');
    await harness.start();
    await harness.sendNotes('cleo');
    await seen('ada', 'bob', 'cleo');
  });

  it('does not let an owner that was overtaken move the position or leave an effect', async () => {
    await harness.sendNotes('ada');
    await seen('ada');
    // Another owner has taken the next record meanwhile.
    await harness.dataSource.query('UPDATE intake_positions SET next_offset = 2, highest_offset = 2');
    await harness.sendNotes('taken by the other owner', 'cleo');
    await seen('ada', 'cleo');
    expect(await position()).toBe('3');
  });

  it('puts records that it cannot use aside and goes on', async () => {
    await harness.send([
      { value: '{"name":' },
      { value: null },
      { value: '{"name":1}' },
      { value: '{}', headers: { ce_specversion: '1.0', ce_id: '1', ce_source: '/spec', ce_type: 'other.v1' } },
      { value: '{}', headers: {} },
    ]);
    await harness.sendNotes('ada');
    await seen('ada');
    const letters = await deadLetters();
    expect(letters.map((letter) => letter['dead-letter-reason'])).toEqual([
      'undecodable',
      'undecodable',
      'invalid_message',
      'unknown_type',
      'undecodable',
    ]);
    expect(letters[2]).toMatchObject({
      'dead-letter-offset': '2',
      'dead-letter-detail': 'name invalid_type',
      'dead-letter-bytes': '10',
    });
  });

  it('keeps nothing of a handler that fails for good, and goes on after its fifth try', async () => {
    harness.behaviour = (name) => {
      if (name === 'broken') throw new TypeError('a mistake of ours');
      return verdict.done();
    };
    await harness.sendNotes('broken', 'ada');
    await seen('ada');
    expect((await deadLetters()).map((letter) => letter['dead-letter-reason'])).toEqual(['handler_failed']);
  });

  it('tells of each dead letter that can be read, in the transaction that puts it aside', async () => {
    const other = { ce_specversion: '1.0', ce_id: '1', ce_source: '/spec', ce_type: 'other.v1' };
    harness.behaviour = (name) => {
      if (name === 'broken') throw new TypeError('a mistake of ours');
      return name === 'old' ? verdict.deadLetter('expired_batch', 'too old') : verdict.done();
    };
    await harness.send([{ value: '{"name":' }, { value: '{"name":1}' }, { value: '{"id":7}', headers: other }]);
    await harness.sendNotes('broken', 'old', 'ada');
    await seen('ada');
    expect(await harness.told()).toEqual([
      { type: 'note.v1', data: { name: 1 }, epoch: 0, reason: 'invalid_message', detail: 'name invalid_type' },
      { type: 'other.v1', data: { id: 7 }, epoch: 0, reason: 'unknown_type', detail: 'other.v1 is not known here' },
      { type: 'note.v1', data: { name: 'broken' }, epoch: 0, reason: 'handler_failed', detail: 'TypeError' },
      { type: 'note.v1', data: { name: 'old' }, epoch: 0, reason: 'expired_batch', detail: 'too old' },
    ]);
    expect(await deadLetters()).toHaveLength(5);
  });

  it('tells of a record that is put aside for what failed around its handler', async () => {
    await harness.dataSource.query(`ALTER TABLE inbox ADD CHECK (event_id <> 'event-1')`);
    await harness.send([{ id: 'event-1', value: JSON.stringify({ name: 'ada' }) }]);
    await harness.sendNotes('bob');
    await seen('bob');
    expect(await harness.told()).toMatchObject([{ data: { name: 'ada' }, reason: 'handler_failed' }]);
    expect(await deadLetters()).toHaveLength(1);
  });

  it('puts a record aside even when telling of it fails: after another try, or with a word about it', async () => {
    let tries = 0;
    harness.deadLetterBehaviour = ({ data }) => {
      tries += 1;
      if ((data as { name: number }).name === 1) throw new TypeError('a mistake of ours');
      if (tries === 6) throw new AppError('database_away', 'first try', { retryable: true });
    };
    await harness.send([{ value: '{"name":1}' }, { value: '{"name":2}' }]);
    await harness.sendNotes('ada');
    await seen('ada');
    expect(tries).toBe(7);
    expect((await harness.told()).map(({ data }) => data)).toEqual([{ name: 2 }]);
    expect((await deadLetters()).map((letter) => letter['dead-letter-detail'])).toEqual([
      'name invalid_type; telling it failed: TypeError',
      'name invalid_type',
    ]);
  });

  it('goes on over the gaps that transaction markers leave, also after a restart', async () => {
    await harness.sendTransaction('ada');
    await harness.sendTransaction('bob');
    await seen('ada', 'bob');
    await harness.stop();
    await harness.start();
    await harness.sendTransaction('cleo');
    await harness.sendNotes('dora');
    await seen('ada', 'bob', 'cleo', 'dora');
    expect(harness.app?.get(KafkaIntake).problems()).toEqual([]);
  });

  it('says which record it tries again and again, also behind the gap that a marker left', async () => {
    await harness.sendTransaction('ada');
    await seen('ada');
    harness.behaviour = () => Promise.reject(new AppError('not_yet', 'not yet', { retryable: true }));
    await harness.sendNotes('bob');
    const readiness = harness.running.get(IntakeReadiness);
    expect(await until(() => readiness.waits())).toContain('tries offset 2 again');
    harness.behaviour = () => verdict.done();
    await until(() => readiness.waits() === null);
  });

  it('lets no timer of a pause meet a consumer that has stopped, as it does in a crash', async () => {
    harness.behaviour = () => verdict.retry(60_000, 'not_yet');
    await harness.sendNotes('ada');
    const intake = harness.running.get(KafkaIntake);
    await until(() => intake.pausedPartitions().retry === 1);
    await intake.unwrap<Consumer>().disconnect();
    expect(intake.pausedPartitions().retry).toBe(0);
    expect(intake.problems()).toEqual(['the consumer has not joined its group yet']);
  });

  it('goes on after a failure of ours beside the records, which kafkajs would end the consumer for', async () => {
    let failures = 0;
    harness.observer = {
      at: (step) => {
        if (step !== 'offset committed to Kafka' || failures === 2) return Promise.resolve();
        failures += 1;
        return Promise.reject(new TypeError('a mistake of ours'));
      },
    };
    await harness.stop();
    await harness.start();
    await harness.sendNotes('ada');
    await until(() => failures === 1);
    await harness.sendNotes('bob');
    await until(() => failures === 2);
    await harness.sendNotes('cleo');
    await seen('ada', 'bob', 'cleo');
  });

  it('goes on after a rebalance that came while a record waited for its next try', async () => {
    let tries = 0;
    harness.behaviour = () => {
      tries += 1;
      return tries === 1 ? verdict.retry(5_000, 'not_yet') : verdict.done();
    };
    await harness.sendNotes('ada');
    await until(() => tries === 1);
    await harness.rebalance();
    await seen('ada');
  });
});

/** Leaves the group's offset as a process does that died between the database's commit and Kafka's. */
function commitAsCrashed(harness: IntakeHarness, offset: string): Promise<void> {
  return harness.commit([{ topic: harness.topic, partition: 0, offset, metadata: commitMetadata(0) }]);
}
