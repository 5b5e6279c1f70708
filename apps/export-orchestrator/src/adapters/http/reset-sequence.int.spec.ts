import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpBench } from '../../testing/http-bench';
import { refreshOf } from '../../testing/messages';
import { OrchestratorBench } from '../../testing/orchestrator-bench';

const TOO_HIGH = 1_795_545_370_813;

describe('a segment whose sequence was too high', () => {
  let bench: OrchestratorBench;
  let http: HttpBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
    http = await HttpBench.open(bench);
  });
  beforeEach(async () => {
    await bench.reset();
    await bench.export();
    await deliver(await hear(1));
    await deliver(await hear(TOO_HIGH));
  });
  afterEach(() => bench.expectAccountingLaw());
  afterAll(async () => {
    await http.close();
    await bench.close();
  });

  /** The run that the refresh led to. */
  async function hear(sequence: number, event: { eventId?: string; epoch?: number } = {}): Promise<string> {
    bench.passMinutes(1);
    const { runIds } = await bench.hear(refreshOf('Seg1', sequence), event);
    return runIds[0] ?? '';
  }
  async function deliver(runId: string) {
    await bench.plan(runId);
    for (const { number } of await bench.batches(runId)) await bench.say(runId, number);
    return bench.finish(runId);
  }
  const path = '/v1/segments/Seg1/reset-sequence';
  const reset = (body: object = {}) => http.call(path, { post: { reason: 'the clock was published', ...body } });
  const alerts = async () => (await bench.alerts()).map(({ kind, state, segmentId }) => [kind, state, segmentId]);

  it('takes lower ones again after a reset, reads their snapshots, and ages by them', async () => {
    expect(await bench.run(await hear(2))).toMatchObject({ status: 'skipped', reason: { code: 'stale_snapshot' } });
    expect(await reset()).toMatchObject({ status: 200, json: { id: 'Seg1', newestSequence: null, staleInARow: 0 } });
    const second = await deliver(await hear(2));
    expect(second).toMatchObject({ status: 'succeeded', snapshots: [{ sequence: 2, refreshId: 'refresh-Seg1-2' }] });
    expect(await bench.run(await hear(2))).toMatchObject({ status: 'skipped', reason: { code: 'stale_snapshot' } });
    const third = await deliver(await hear(3));
    expect(third).toMatchObject({ status: 'succeeded', snapshots: [{ sequence: 3 }] });
    const shown = await http.call('/v1/segments/Seg1', { role: 'viewer' });
    expect(shown.json).toMatchObject({
      newestSequence: 3,
      newestSnapshot: { sequence: 3, rowCount: 2 },
      exports: [{ name: 'High value', state: 'active' }],
    });
  });

  it('keeps its newest snapshot until the next refresh', async () => {
    await reset();
    expect((await http.call('/v1/segments/Seg1')).json).toMatchObject({ newestSnapshot: { sequence: TOO_HIGH } });
  });

  it('takes what is above the sequence that is named', async () => {
    expect(await reset({ sequence: 5 })).toMatchObject({ status: 200, json: { newestSequence: 5 } });
    expect(await bench.run(await hear(5))).toMatchObject({ status: 'skipped' });
    expect(await bench.run(await hear(6))).toMatchObject({ status: 'queued' });
    expect(await reset({ sequence: 6 })).toMatchObject({ status: 409, json: { code: 'sequence_not_lower' } });
    expect(await reset({ sequence: 4 })).toMatchObject({ status: 200, json: { newestSequence: 4 } });
    expect(await bench.run(await hear(5))).toMatchObject({ status: 'queued' });
  });

  it('counts a lower one of its workflow job as the newer word', async () => {
    const refresh = { workflowJobId: 'job-1', segmentIds: ['Seg1'] };
    await bench.hear(refreshOf('Seg1', TOO_HIGH + 1, { refresh: { ...refresh, result: 'failed' } }));
    await reset();
    const { runIds } = await bench.hear(refreshOf('Seg1', 2, { refresh }));
    expect(await bench.plan(runIds[0] ?? '')).toBe(true);
  });

  it('knows old from new in a replay, whatever their numbers say', async () => {
    await deliver(await hear(TOO_HIGH + 1, { eventId: 'old' }));
    await reset();
    await deliver(await hear(2, { eventId: 'new-2' }));
    await bench.rewound(1, 10);
    const replayed = await hear(2, { eventId: 'new-2', epoch: 1 });
    expect(await deliver(replayed)).toMatchObject({ status: 'succeeded', snapshots: [{ sequence: 2 }] });
    await bench.rewound(2, 10);
    const stale = await hear(TOO_HIGH + 1, { eventId: 'old', epoch: 2 });
    await bench.plan(stale);
    expect(await bench.run(stale)).toMatchObject({ status: 'skipped', reason: { code: 'stale_snapshot' } });
    await bench.rewound(3, 10);
    await hear(TOO_HIGH + 1, { eventId: 'old', epoch: 3 });
    const both = await hear(2, { eventId: 'new-2', epoch: 3 });
    expect(await bench.run(both)).toMatchObject({ snapshots: [{ sequence: 2 }] });
  });

  it.each([
    ['was first heard of in a replay', async () => void (await hear(TOO_HIGH + 1, { eventId: 'old', epoch: 1 }))],
    [
      'is known by a replay alone any more',
      async () => {
        await hear(TOO_HIGH + 1, { eventId: 'old' });
        await hear(TOO_HIGH + 1, { eventId: 'old', epoch: 1 });
        await bench.dataSource.query(`DELETE FROM refreshes WHERE event_id = 'old' AND epoch = 0`);
      },
    ],
  ])('is not led back by a replay of a refresh that %s', async (_how, hearOld) => {
    await hearOld();
    await reset();
    expect(await bench.run(await hear(2))).toMatchObject({ status: 'queued' });
    await bench.rewound(2, 10);
    await hear(TOO_HIGH + 1, { eventId: 'old', epoch: 2 });
    expect(await bench.run(await hear(3))).toMatchObject({ status: 'queued' });
    expect((await http.call('/v1/segments/Seg1')).json).toMatchObject({ newestSequence: 3, newestSnapshot: { sequence: 3 } });
  });

  it('is reset by an administrator who says why, once for each key, and audited', async () => {
    const post = { sequence: 1, reason: 'the clock was published' };
    for (const role of ['contributor', 'viewer'] as const) {
      expect(await http.call(path, { role, post })).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    }
    expect(await http.call(path, { post: {} })).toMatchObject({ status: 400, json: { errors: [{ path: 'reason' }] } });
    const headers = { 'idempotency-key': 'once' };
    const first = await http.call(path, { post, headers });
    expect(await hear(2)).not.toBe('');
    const again = await http.call(path, { post, headers });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.json).toMatchObject({ newestSequence: 2 });
    expect(await bench.audited()).toMatchObject([
      {
        action: 'segment.sequence_reset',
        aggregate: { type: 'segment', id: 'Seg1' },
        reason: post.reason,
        changes: [{ field: 'sequence', from: TOO_HIGH, to: 1 }],
      },
    ]);
  });

  it.each(['Nothing', '%00', 'a%2Fb'])('is not found under %s', async (id) => {
    for (const [where, call] of [
      [`/v1/segments/${id}`, {}],
      [`/v1/segments/${id}/reset-sequence`, { post: { reason: 'why' } }],
    ] as const) {
      expect(await http.call(where, call)).toMatchObject({ status: 404, json: { code: 'segment_not_found' } });
    }
  });

  it('raises one alert when three in a row were stale, and clears it when one is taken', async () => {
    await hear(2);
    await hear(3);
    expect(await alerts()).toEqual([]);
    await hear(4);
    await hear(5);
    expect(await alerts()).toEqual([['refreshes_stale', 'raised', 'Seg1']]);
    const [raised] = await bench.alerts();
    expect(raised?.reason).toMatchObject({
      code: 'refreshes_stale',
      detail: `3 refreshes of Seg1 in a row were not above sequence ${TOO_HIGH}; the last one had 4`,
      remedy: expect.stringContaining('ops segments reset-sequence Seg1'),
    });
    await reset();
    expect(await alerts()).toHaveLength(1);
    await hear(6);
    expect(await alerts()).toEqual([
      ['refreshes_stale', 'raised', 'Seg1'],
      ['refreshes_stale', 'cleared', 'Seg1'],
    ]);
    expect(new Set((await bench.alerts()).map(({ alertId }) => alertId)).size).toBe(1);
  });

  it('raises none where a good one came between, or where no export misses anything', async () => {
    await hear(2);
    await hear(3);
    await hear(TOO_HIGH + 1);
    await hear(4);
    await hear(5);
    await bench.dataSource.query(`UPDATE exports SET state = 'paused'`);
    await hear(6);
    expect(await alerts()).toEqual([]);
    await bench.dataSource.query(`UPDATE exports SET state = 'active'`);
    await hear(7);
    expect(await alerts()).toEqual([['refreshes_stale', 'raised', 'Seg1']]);
  });
});
