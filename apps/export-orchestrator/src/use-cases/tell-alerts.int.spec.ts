import type { AlertChangedV1 } from '@courier/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { TellAlerts } from './tell-alerts';

describe('alerts', () => {
  let bench: OrchestratorBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  const told = async () => (await bench.alerts()).map(({ kind, state, reason }: AlertChangedV1) => [kind, state, reason.code]);

  /** A run of the export that ends as the sink says about its only batch. */
  async function runOf(exportId: string, said: Parameters<OrchestratorBench['say']>[2]): Promise<string> {
    const exported = await bench.exportOf(exportId);
    const [segmentId = ''] = exported.segmentIds;
    bench.planner.batchRows = [100];
    const { runIds } = await bench.hear(bench.refreshOf(segmentId));
    const [runId = ''] = runIds;
    await bench.plan(runId);
    await bench.say(runId, 1, said);
    await bench.finish(runId);
    return runId;
  }

  it('tell of a run that failed for good once, however often it fails for the same reason, and of its recovery', async () => {
    const { id } = await bench.export();
    const first = await runOf(id, { rejected: 100 });
    await runOf(id, { rejected: 100 });
    await runOf(id, {});
    await runOf(id, {});
    expect(await told()).toEqual([
      ['run_failed', 'raised', 'nothing_accepted'],
      ['run_failed', 'cleared', 'nothing_accepted'],
    ]);
    const [raised, cleared] = await bench.alerts();
    expect(raised).toMatchObject({
      exportId: id,
      connectionId: null,
      runId: first,
      reason: { remedy: expect.stringMatching(/./) },
    });
    expect(cleared?.alertId).toBe(raised?.alertId);
  });

  it('tell of partial failures above the threshold only', async () => {
    const { id } = await bench.export();
    bench.planner.duplicates = 50;
    await runOf(id, { rejected: 1 });
    expect(await told()).toEqual([]);
    await runOf(id, { rejected: 5 });
    await runOf(id, { unconfirmed: 6 });
    await runOf(id, {});
    expect(await told()).toEqual([
      ['run_partly_failed', 'raised', 'partly_failed'],
      ['run_partly_failed', 'cleared', 'partly_failed'],
    ]);
  });

  it('tell of a refresh that failed upstream, and not of an old one', async () => {
    const { id } = await bench.export();
    await bench.hear(bench.refreshOf('Seg1', { refresh: { result: 'failed' } }));
    await bench.hear({ ...bench.refreshOf('Seg1'), sequence: 0 });
    expect(await told()).toEqual([['run_skipped', 'raised', 'upstream_failed']]);
    await runOf(id, {});
    expect(await told()).toHaveLength(2);
  });

  it('tell of an export whose list is gone, and of the run that found it', async () => {
    const { id } = await bench.export();
    await runOf(id, { notAttempted: 100, error: 'list_not_found' });
    expect((await told()).map(([kind]) => kind).sort()).toEqual(['export_needs_attention', 'run_failed']);
  });

  it('tell of a connection that needs attention until it works', async () => {
    const connection = await bench.connection();
    const attention = { code: 'invalid_api_key', detail: 'no', remedy: 'a new key' };
    const say = (state: 'needs_attention' | 'verifying' | 'connected', about: typeof attention | null) =>
      bench.transaction((manager) => bench.get(TellAlerts).ofConnection(manager, { ...connection, state }, about));
    await say('needs_attention', attention);
    await say('needs_attention', attention);
    await say('verifying', null);
    await say('needs_attention', { ...attention, code: 'missing_scope' });
    await say('connected', null);
    await say('connected', null);
    expect(await told()).toEqual([
      ['connection_needs_attention', 'raised', 'invalid_api_key'],
      ['connection_needs_attention', 'raised', 'missing_scope'],
      ['connection_needs_attention', 'cleared', 'missing_scope'],
    ]);
    expect((await bench.alerts())[0]).toMatchObject({ connectionId: connection.id, exportId: null });
  });
});
