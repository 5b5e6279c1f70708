import { DatabaseReadiness } from '@courier/persistence';
import { type TcpProxy, until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from './testing/intake-harness';
import { noteV1 } from './testing/note-service';
import { KafkaIntake } from './intake/kafka-intake';
import { verdict } from './intake/verdict';
import { Outbox } from './outbox/outbox';

/** Short, so that it is waited for; the statements of a start keep to it on a slow machine too. */
const STATEMENT_MAX_MS = 2_500;

describe('a service whose network to PostgreSQL fails', () => {
  let harness: IntakeHarness;
  let network: TcpProxy;

  beforeEach(async () => {
    harness = new IntakeHarness();
    harness.statementMaxMs = STATEMENT_MAX_MS;
    await harness.prepare();
    network = await harness.spoilNetwork();
    await harness.start();
  });

  afterEach(async () => {
    await harness.network?.heal();
    await harness.dispose();
  });

  const seen = (...names: string[]) =>
    until(async () => JSON.stringify(await harness.names().catch(() => null)) === JSON.stringify(names));
  const readiness = (): Promise<string | null> => harness.app?.get(DatabaseReadiness).check() ?? Promise.resolve(null);
  /** Runs once, in the handler of the first record, between its effect and the commit. */
  const beforeFirstCommit = (spoil: () => void) => {
    let spoilt = false;
    harness.behaviour = () => {
      if (!spoilt) spoil();
      spoilt = true;
      return verdict.done();
    };
  };

  it('has one effect for each record when every connection is reset in mid-transaction', async () => {
    beforeFirstCommit(() => network.reset());
    await harness.sendNotes('ada', 'bob');
    await seen('ada', 'bob');
  });

  it('has one effect for a record whose commit arrived and whose answer did not', async () => {
    beforeFirstCommit(() => network.swallow('answers'));
    await harness.sendNotes('ada', 'bob');
    await until(async () => (await readiness()) !== null);
    await network.heal();
    await seen('ada', 'bob');
    // Nothing comes later either: the next record finds both done.
    await harness.sendNotes('cleo');
    await seen('ada', 'bob', 'cleo');
  });

  it('gives half-open connections up, says so by name, and goes on by itself', async () => {
    await harness.sendNotes('ada');
    await seen('ada');
    network.swallow();
    // Probes that nobody answers must not use up the pool.
    const probes = Array.from({ length: 50 }, readiness);
    const { master: pool } = harness.dataSource.driver as unknown as { master: { waitingCount: number } };
    expect(pool.waitingCount).toBeLessThan(10);
    await harness.sendNotes('bob');
    expect(new Set(await Promise.all(probes))).toEqual(new Set(['PostgreSQL does not answer']));
    await network.heal();
    await until(async () => (await readiness()) === null);
    await seen('ada', 'bob');
    const { dataSource } = harness;
    await dataSource.transaction(
      (manager) => harness.app?.get(Outbox).append(manager, noteV1(harness.topic), { name: 'cleo' }) as Promise<void>,
    );
    await seen('ada', 'bob', 'cleo');
  });

  it('goes on after PostgreSQL refused connections, with what came meanwhile', async () => {
    // With its gate open: a record that cannot be taken in waits for its timer, not for the gate.
    await harness.sendNotes('ada');
    await seen('ada');
    await network.down();
    await harness.sendNotes('bob', 'cleo');
    await until(() => harness.running.get(KafkaIntake).pausedPartitions().retry === 1);
    expect(await readiness()).toBe('PostgreSQL does not answer');
    await network.heal();
    await seen('ada', 'bob', 'cleo');
  });

  it('takes everything in, once, over a network that is so slow that answers come too late, and then only slow', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `note ${index}`);
    await harness.sendNotes(...names.slice(0, 2));
    await seen(...names.slice(0, 2));
    network.slow({ latencyMs: STATEMENT_MAX_MS });
    await harness.sendNotes(...names.slice(2));
    await until(() => harness.running.get(KafkaIntake).pausedPartitions().retry === 1);
    network.slow({ latencyMs: 20, bytesPerSecond: 200_000 });
    await seen(...names);
  });
});
