import { resentRunId, type RunReplayedV1 } from '@courier/contracts';
import { AppError, newId, nextVersion } from '@courier/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LedgerKey, LedgerStore } from '../ports/ledger-store';
import { stagedObject } from '../testing/fake-planner';
import type { RunRecord } from '../domain/run';
import { outcomeOf, refreshOf } from '../testing/messages';
import { ACCOUNT, LIST, OrchestratorBench } from '../testing/orchestrator-bench';
import { FinishRun } from './finish-run';
import { StartRun } from './start-run';

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

  describe('of an export that shows a problem of its list', () => {
    const problem = { code: 'list_not_found', detail: 'said the spec', remedy: 'said the spec' };
    const shown = async () => (await bench.exportOf(key.exportId)).listProblem;
    beforeEach(() => bench.dataSource.query('UPDATE exports SET list_problem = $1', [problem]));

    it('takes it away where the list took people, without a new version', async () => {
      await deliver();
      await bench.finish(runId);
      expect(await bench.exportOf(key.exportId)).toMatchObject({ listProblem: null, listChecked: false, version: 1 });
      expect(await bench.exportChanges()).toEqual([]);
    });

    it('leaves it where the list took nobody', async () => {
      await bench.plan(runId);
      await bench.say(runId, 1, { rejected: 3 });
      await bench.say(runId, 2, { unconfirmed: 2 });
      await bench.finish(runId);
      expect(await shown()).toEqual(problem);
    });

    it.each([
      ['list', `list_id = 'NeWeR1'`],
      ['connection', 'connection_id = gen_random_uuid()'],
    ])('leaves it where the export has another %s by now', async (_what, change) => {
      await deliver();
      await bench.dataSource.query(`UPDATE exports SET ${change}`);
      await bench.finish(runId);
      expect(await shown()).toEqual(problem);
    });

    it('leaves it where the list was gone before the end', async () => {
      await bench.plan(runId);
      await bench.say(runId, 1);
      await bench.say(runId, 2, { notAttempted: 2, error: 'list_not_found' });
      await bench.finish(runId);
      expect(await shown()).toEqual(problem);
    });
  });

  it('blames no other list than that of the run', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1, { notAttempted: 3, error: 'list_not_found' });
    await bench.say(runId, 2, { notAttempted: 2, error: 'list_not_found' });
    await bench.dataSource.query(`UPDATE exports SET list_id = 'NeWeR1'`);
    await bench.finish(runId);
    expect(await bench.exportOf(key.exportId)).toMatchObject({ state: 'active', attention: null });
  });

  it('fails by name, and holds its list no longer, where the ledger cannot be read', async () => {
    await deliver();
    await bench.finish(runId);
    const known = await ledger();
    const second = await nextRun();
    await deliver(second);
    bench.planner.merging = () => Promise.reject(new AppError('ledger_unreadable', 'the object is gone'));
    const ended = await bench.finish(second);
    expect(ended).toMatchObject({ status: 'failed', reason: { code: 'ledger_unreadable', detail: 'the object is gone' } });
    expect(ended.reason?.remedy).toContain('--without-ledger');
    expect(ended.counts).toMatchObject({ accepted: 4, rejected: 1 });
    expect(await ledger()).toEqual(known);
    expect(await bench.alerts()).toMatchObject([{ kind: 'run_partly_failed' }, { kind: 'run_failed', state: 'raised' }]);
  });

  describe('whose ledger cannot be read for a while', () => {
    const HOUR_MIN = 60;
    const away = () => Promise.reject(new AppError('ledger_unreadable', 'the folder is not mounted', { retryable: true }));

    it('is tried again, and books its people when it can', async () => {
      await deliver();
      bench.planner.merging = away;
      for (const hours of [0, 12, 11]) {
        bench.passMinutes(hours * HOUR_MIN);
        await expect(bench.finish(runId)).rejects.toMatchObject({ code: 'ledger_unreadable', retryable: true });
        expect(await bench.run(runId)).toMatchObject({ status: 'running', phase: 'finishing', finishedAt: null });
      }
      bench.planner.merging = () => Promise.resolve();
      expect(await bench.finish(runId)).toMatchObject({ status: 'completed_with_errors', reason: null });
      expect(await ledger()).toMatchObject({ version: 1, people: 7 });
    });

    it('fails by that name, and holds its list no longer, when its deadline is over', async () => {
      await deliver();
      bench.planner.merging = away;
      bench.passMinutes(24 * HOUR_MIN);
      const reason = { code: 'ledger_unreadable', detail: 'the folder is not mounted' };
      expect(await bench.finish(runId)).toMatchObject({ status: 'failed', phase: 'finished', reason });
      expect(await ledger()).toBeNull();
    });
  });

  describe('that an administrator started without its ledger', () => {
    const startWithout = async (): Promise<string> => {
      const by = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: null };
      const once = { earlier: null, record: () => Promise.resolve() };
      const how = { withoutLedger: true, reason: 'the disk is gone' };
      const started = await bench.get(StartRun).execute(key.exportId, how, by, once);
      if (started.kind !== 'started') throw new Error(started.kind);
      return started.runId;
    };

    it('begins a new one, on which later runs build', async () => {
      await deliver();
      await bench.finish(runId);
      const without = await startWithout();
      await deliver(without);
      expect(bench.planner.jobs.at(-1)?.ledger).toBeNull();
      await bench.finish(without);
      expect(bench.planner.merges.at(-1)).toMatchObject({ runId: without, ledger: null });
      const begun = await ledger();
      expect(begun).toMatchObject({ version: 1, object: stagedObject(bench.planner.merges.at(-1)?.target ?? '') });
      const next = await nextRun();
      await deliver(next);
      await bench.finish(next);
      expect(bench.planner.jobs.at(-1)?.ledger).toEqual(begun?.object);
      expect(bench.planner.merges.at(-1)).toMatchObject({ runId: next, ledger: begun?.object });
    });

    it('begins none when its batches are sent again later', async () => {
      const without = await startWithout();
      await deliver(without);
      const run = await bench.finish(without);
      const [batch] = await bench.batches(without);
      if (batch === undefined) throw new Error('there is no batch');
      await bench.recordResent({ ...outcomeOf(run, batch), deliveryId: newId() }, 1);
      await bench.announceResent(replayed(run, 1));
      const begun = await ledger();
      await bench.finish(resentRunId(without, 1));
      expect(bench.planner.merges.at(-1)).toMatchObject({ ledger: begun?.object });
    });

    it.each([true, false])('keeps what a replay booked meanwhile, be there a ledger before: %s', async (isLedgerBefore) => {
      await deliver();
      const first = await bench.finish(runId);
      if (!isLedgerBefore) await bench.dataSource.query('DELETE FROM ledgers');
      const without = await startWithout();
      await deliver(without);
      const [batch] = await bench.batches(runId);
      if (batch === undefined) throw new Error('there is no batch');
      await bench.recordResent({ ...outcomeOf(first, batch), deliveryId: newId() }, 1);
      await bench.announceResent(replayed(first, 1));
      await bench.finish(resentRunId(runId, 1));
      expect(bench.planner.merges.at(-1)).toMatchObject({ runId: resentRunId(runId, 1), ledger: null });
      const booked = await ledger();
      await bench.finish(without);
      expect(bench.planner.merges.at(-1)).toMatchObject({ runId: without, ledger: booked?.object });
    });

    it('is audited with the reason', async () => {
      const without = await startWithout();
      expect(await bench.audited()).toMatchObject([
        { action: 'run.started_without_ledger', aggregate: { type: 'run', id: without }, reason: 'the disk is gone' },
      ]);
    });
  });

  it('waits for the last outcome', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1);
    expect(await bench.finish(runId)).toMatchObject({ status: 'running', phase: 'delivering' });
    expect(bench.planner.merges).toEqual([]);
  });
});

function replayed({ id: runId, exportId }: RunRecord, epoch: number): RunReplayedV1 {
  return { runId, exportId, epoch, actor: 'ada', reason: 'once more', batches: 1, rows: 3, at: new Date().toISOString() };
}
