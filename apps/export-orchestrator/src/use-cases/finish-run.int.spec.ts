import { nextVersion } from '@courier/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LedgerKey, LedgerStore } from '../ports/ledger-store';
import { stagedObject } from '../testing/fake-planner';
import { refreshOf } from '../testing/messages';
import { ACCOUNT, LIST, OrchestratorBench } from '../testing/orchestrator-bench';
import { FinishRun } from './finish-run';

describe('finishing a run', () => {
  let bench: OrchestratorBench;
  let runId: string;
  let key: LedgerKey;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(async () => {
    await bench.reset();
    const queued = await bench.queuedRun();
    ({ runId } = queued);
    key = { exportId: queued.exported.id, accountId: ACCOUNT, listId: LIST };
  });
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  const ledger = () => bench.get(LedgerStore).find(bench.dataSource.manager, key);
  const advance = (seen: number, path: string) =>
    bench.get(LedgerStore).advance(bench.dataSource.manager, key, { seen, object: stagedObject(path), people: 1 });

  async function deliver(id = runId): Promise<void> {
    await bench.plan(id);
    await bench.say(id, 1, { rejected: 1 });
    await bench.say(id, 2);
  }

  async function nextRun(): Promise<string> {
    const { runIds } = await bench.hear(refreshOf('Seg1', bench.nextSequence()));
    return runIds[0] ?? '';
  }

  it('advances the ledger once and ends the run', async () => {
    await deliver();
    const ended = await bench.finish(runId);
    expect(ended).toMatchObject({ status: 'completed_with_errors', phase: 'finished', waiting: null, reason: null });
    expect(ended.finishedAt).toEqual(bench.clock.now());
    expect(bench.planner.merges).toMatchObject([
      { runId, ledger: null, plan: ended.plan, runSeq: Number(ended.age), batches: [{ number: 1 }, { number: 2 }] },
    ]);
    expect(await ledger()).toEqual({ version: 1, people: 7, object: stagedObject(bench.planner.merges[0]?.target ?? '') });
    await bench.finish(runId);
    expect(bench.planner.merges).toHaveLength(1);
    expect(await ledger()).toMatchObject({ version: 1 });
  });

  it('builds on the version before, under a new name', async () => {
    await deliver();
    await bench.finish(runId);
    const second = await nextRun();
    await deliver(second);
    const before = await ledger();
    await bench.finish(second);
    expect(bench.planner.merges[1]?.ledger).toEqual(before?.object);
    expect(bench.planner.merges[1]?.target).not.toBe(bench.planner.merges[0]?.target);
    expect(await ledger()).toMatchObject({ version: 2 });
  });

  it.each([0, 1])('overwrites no ledger that somebody else moved meanwhile from version %i, and tries again', async (seen) => {
    if (seen === 1) await advance(0, 'ledgers/before');
    await deliver();
    bench.planner.merging = async () => {
      bench.planner.merging = () => Promise.resolve();
      await advance(seen, 'ledgers/theirs');
    };
    await expect(bench.finish(runId)).rejects.toMatchObject({ code: 'ledger_moved', retryable: true });
    expect(await ledger()).toMatchObject({ version: seen + 1, object: stagedObject('ledgers/theirs') });
    expect(await bench.run(runId)).toMatchObject({ status: 'running', phase: 'finishing' });
    expect(await bench.finish(runId)).toMatchObject({ status: 'completed_with_errors' });
    expect(bench.planner.merges[1]?.ledger).toEqual(stagedObject('ledgers/theirs'));
    expect(bench.planner.merges[1]?.target).not.toBe(bench.planner.merges[0]?.target);
    expect(await ledger()).toMatchObject({ version: seen + 2, people: 7 });
  });

  it('leaves ledger and run as they are without the lease', async () => {
    await deliver();
    const lease = await bench.lease(runId);
    bench.planner.merging = () => bench.dataSource.query('UPDATE leases SET token = token + 1');
    await expect(bench.get(FinishRun).execute(lease, runId)).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await ledger()).toBeNull();
    expect(await bench.run(runId)).toMatchObject({ phase: 'finishing', finishedAt: null });
  });

  it('does not touch the ledger where nobody was attempted, and says so of what nobody confirmed', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1, { notAttempted: 3, error: 'run_stopped' });
    await bench.say(runId, 2, { unconfirmed: 2, error: 'no_answer' });
    expect(await bench.finish(runId)).toMatchObject({ status: 'failed' });
    expect(bench.planner.merges).toMatchObject([{ batches: [{ number: 2, results: null, allNotAccepted: true }] }]);
  });

  it('fails where something was attempted and nothing accepted', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1, { rejected: 3 });
    await bench.say(runId, 2, { unconfirmed: 2 });
    expect(await bench.finish(runId)).toMatchObject({ status: 'failed', reason: { code: 'nothing_accepted' } });
  });

  it('asks for attention of an export whose list is gone, until a run reaches it again', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1);
    await bench.say(runId, 2, { notAttempted: 2, error: 'list_not_found' });
    expect(await bench.finish(runId)).toMatchObject({ status: 'failed', reason: { code: 'list_not_found' } });
    const attention = { code: 'list_not_found', remedy: expect.any(String), detail: expect.any(String) };
    const version = nextVersion(1, bench.clock.now());
    expect(await bench.exportOf(key.exportId)).toMatchObject({ state: 'needs_attention', attention, version });
    expect(await bench.exportChanges()).toMatchObject([{ exportId: key.exportId, state: 'needs_attention', version }]);
    expect(await bench.hear(refreshOf('Seg1', bench.nextSequence()))).toMatchObject({ verdict: 'recorded' });

    await bench.dataSource.query(`UPDATE exports SET state = 'active'`);
    const second = await nextRun();
    await bench.dataSource.query(`UPDATE exports SET state = 'needs_attention'`);
    await deliver(second);
    await bench.finish(second);
    const later = nextVersion(version, bench.clock.now());
    expect(await bench.exportOf(key.exportId)).toMatchObject({ state: 'active', attention: null, version: later });
    expect(await bench.exportChanges()).toMatchObject([{ version }, { state: 'active', version: later }]);
  });

  it('blames no other list than that of the run', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1, { notAttempted: 3, error: 'list_not_found' });
    await bench.say(runId, 2, { notAttempted: 2, error: 'list_not_found' });
    await bench.dataSource.query(`UPDATE exports SET list_id = 'NeWeR1'`);
    await bench.finish(runId);
    expect(await bench.exportOf(key.exportId)).toMatchObject({ state: 'active', attention: null });
  });

  it('waits for the last outcome', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1);
    expect(await bench.finish(runId)).toMatchObject({ status: 'running', phase: 'delivering' });
    expect(bench.planner.merges).toEqual([]);
  });
});
