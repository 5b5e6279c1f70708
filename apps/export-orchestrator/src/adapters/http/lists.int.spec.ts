import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Export, Run } from '@courier/contracts';
import { HttpBench } from '../../testing/http-bench';
import { refreshOf } from '../../testing/messages';
import { OrchestratorBench } from '../../testing/orchestrator-bench';

describe('lists', () => {
  const ends = new AsyncDisposableStack();
  let bench: OrchestratorBench;
  let http: HttpBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
    ends.defer(() => bench.close());
    http = await HttpBench.open(bench);
    ends.defer(() => http.close());
  });
  beforeEach(() => bench.reset());
  afterAll(() => ends.disposeAsync());

  async function names(query: string): Promise<string[]> {
    const { json } = await http.call(`/v1/exports?${query}`);
    return (json['items'] as Export[]).map(({ name }) => name).sort();
  }

  async function runIds(query: string): Promise<string[]> {
    const { json } = await http.call(`/v1/runs?${query}`);
    return (json['items'] as Run[]).map(({ id }) => id);
  }

  it('of exports made at one moment are walked in pages without a gap or a repeat', async () => {
    const made: string[] = [];
    for (let number = 0; number < 5; number += 1) made.push((await bench.export()).id);
    const pages = await http.pages<Export>('/v1/exports', 2);
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(
      pages
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(made.sort());
  });

  it('of runs and refreshes of one moment are walked the same way', async () => {
    for (let number = 0; number < 3; number += 1) await bench.export();
    await bench.hear(refreshOf('Seg1', 1));
    await bench.hear(refreshOf('Seg1', 1));
    const runs = await http.pages<Run>('/v1/runs?trigger=refresh', 4);
    expect(runs.map(({ length }) => length)).toEqual([4, 2]);
    expect(new Set(runs.flat().map(({ id }) => id)).size).toBe(6);
    const refreshes = await http.pages<{ runIds: string[] }>('/v1/refreshes', 1);
    expect(refreshes.map(({ length }) => length)).toEqual([1, 1]);
    expect(new Set(refreshes.flat().flatMap((refresh) => refresh.runIds))).toEqual(new Set(runs.flat().map(({ id }) => id)));
  });

  it.each([
    ['name', ['Ab', 'B', 'a', 'b', 'ä']],
    ['-name', ['ä', 'b', 'a', 'B', 'Ab']],
    ['createdAt', ['B', 'a', 'ä', 'Ab', 'b']],
    ['-createdAt', ['b', 'Ab', 'ä', 'a', 'B']],
    ['-updatedAt', ['B', 'b', 'Ab', 'ä', 'a']],
  ])('of exports come in the order of %s, page by page', async (sort, expected) => {
    const ids: string[] = [];
    for (const name of ['B', 'a', 'ä', 'Ab', 'b']) {
      const at = bench.clock.now();
      ids.push((await bench.export({ name, createdAt: at, updatedAt: at })).id);
      bench.passMinutes(1);
    }
    await http.call(`/v1/exports/${ids[0]}`, { patch: { schedule: { on: 'manual' } } });
    const pages = await http.pages<Export>(`/v1/exports?sort=${sort}`, 2);
    expect(pages.flat().map(({ name }) => name)).toEqual(expected);
  });

  it('of exports go on behind a name of any length and any characters', async () => {
    const names = ['ä'.repeat(200), '\u0001'.repeat(200), '"\\'.repeat(100), '😀'.repeat(100), '漢'.repeat(200), 'x'.repeat(200)];
    for (const name of [...names, 'z']) await bench.export({ name });
    for (const sort of ['name', '-name']) {
      const pages = await http.pages<Export>(`/v1/exports?sort=${sort}`, 1);
      expect(
        pages
          .flat()
          .map(({ name }) => name)
          .sort(),
      ).toEqual([...names, 'z'].sort());
    }
  });

  it('of segments show the latest refreshed first, each once, and their snapshots newest first', async () => {
    for (const [segment, sequence] of [
      ['Seg1', 1],
      ['Seg2', 1],
      ['Seg1', 2],
      ['Seg3', 1],
    ] as const) {
      await bench.hear(refreshOf(segment, sequence));
      bench.passMinutes(1);
    }
    const times = { createdAt: '2026-11-24T03:15:44.12+01:00', expiresAt: '2026-12-24T02:15:44Z' };
    await bench.hear(refreshOf('Seg4', 1, { snapshot: times }));
    const timed = await http.call('/v1/segments/Seg4/snapshots');
    const inUtc = { createdAt: '2026-11-24T02:15:44.120Z', expiresAt: '2026-12-24T02:15:44.000Z' };
    expect(timed.json['items']).toMatchObject([inUtc]);
    expect((await http.call('/v1/segments/Seg4')).json).toMatchObject({ newestSnapshot: inUtc });
    bench.passMinutes(1);
    await bench.hear(refreshOf('Seg1', 3, { refresh: { result: 'failed' } }));
    await bench.hear(refreshOf('Foreign', 1, { environmentId: 'elsewhere' }));
    const segments = await http.pages<{ id: string; lastRefresh: object }>('/v1/segments', 2);
    expect(segments.flat().map(({ id }) => id)).toEqual(['Seg1', 'Seg4', 'Seg3', 'Seg2']);
    expect(segments[0]?.[0]).toMatchObject({ displayName: 'Segment Seg1', lastRefresh: { sequence: 3, result: 'failed' } });
    const snapshots = await http.pages<{ sequence: number }>('/v1/segments/Seg1/snapshots', 1);
    expect(snapshots.flat()).toMatchObject([{ sequence: 2, format: 'csv', rowCount: 2, parts: 1 }, { sequence: 1 }]);
    for (const id of ['Nothing', '%00', 'a%2Fb']) {
      expect(await http.call(`/v1/segments/${id}/snapshots`)).toMatchObject({ status: 404, json: { code: 'segment_not_found' } });
    }
  });

  it('leave a segment to be asked for, with the sequence that the next refresh must be above', async () => {
    await bench.hear(refreshOf('Seg1', 7));
    bench.passMinutes(1);
    await bench.hear(refreshOf('Seg1', 5, { refresh: { result: 'failed' } }));
    await bench.hear(refreshOf('a/b c', 9, { refresh: { result: 'failed' } }));
    await bench.hear(refreshOf('Foreign', 1, { environmentId: 'elsewhere' }));
    expect(await http.call('/v1/segments/Seg1')).toMatchObject({
      status: 200,
      json: { id: 'Seg1', displayName: 'Segment Seg1', newestSequence: 7, lastRefresh: { sequence: 5, result: 'failed' } },
    });
    expect(await http.call('/v1/segments/a%2Fb%20c')).toMatchObject({ status: 200, json: { id: 'a/b c', newestSequence: 9 } });
    for (const id of ['Nothing', 'Foreign', '%00'])
      expect(await http.call(`/v1/segments/${id}`)).toMatchObject({ status: 404, json: { code: 'segment_not_found' } });
  });

  it('tell what was read again from what came, and keep segments and snapshots as they first came', async () => {
    const receivedAt = bench.clock.now().toISOString();
    await bench.hear(refreshOf('Seg1', 1), { eventId: 'event-1' });
    bench.passMinutes(1);
    await bench.hear(refreshOf('Seg2', 1), { eventId: 'event-2' });
    await bench.rewound(2, 4);
    for (const epoch of [1, 2]) {
      bench.passMinutes(1);
      await bench.hear(refreshOf('Seg1', 1), { eventId: 'event-1', epoch });
    }
    await bench.hear(refreshOf('Seg3', 1), { eventId: 'event-3', epoch: 2 });
    const { json } = await http.call('/v1/refreshes?segmentId=Seg1');
    expect(json['items']).toMatchObject([
      { eventId: 'event-1', epoch: 2 },
      { eventId: 'event-1', epoch: 1 },
      { eventId: 'event-1', epoch: 0, receivedAt },
    ]);
    const segments = await http.pages<{ id: string }>('/v1/segments', 1);
    expect(segments.flat()).toMatchObject([{ id: 'Seg3' }, { id: 'Seg2' }, { id: 'Seg1', lastRefresh: { receivedAt } }]);
    const snapshots = await http.call('/v1/segments/Seg1/snapshots');
    expect(snapshots.json['items']).toMatchObject([{ sequence: 1, receivedAt }]);
  });

  it('come newest first', async () => {
    await bench.export({ name: 'old' });
    bench.passMinutes(1);
    await bench.export({ name: 'new', createdAt: bench.clock.now() });
    const pages = await http.pages<Export>('/v1/exports', 1);
    expect(pages.flat().map(({ name }) => name)).toEqual(['new', 'old']);
  });

  it('of exports are filtered by segment, connection, state and part of the name', async () => {
    const one = await bench.export({ name: 'High Value 50%', segmentIds: ['Seg1', 'Seg2'] });
    await bench.export({ name: 'Churned_members', segmentIds: ['Seg2'], state: 'needs_attention' });
    await bench.export({ name: 'Ökologisch', segmentIds: ['Seg3'] });
    expect(await names('segmentId=Seg2')).toEqual(['Churned_members', 'High Value 50%']);
    expect(await names('segmentId=Seg')).toEqual([]);
    expect(await names(`connectionId=${one.connectionId}`)).toEqual(['High Value 50%']);
    expect(await names('state=needs_attention')).toEqual(['Churned_members']);
    expect(await names('q=VALUE')).toEqual(['High Value 50%']);
    expect(await names('q=%25')).toEqual(['High Value 50%']);
    expect(await names('q=d_m')).toEqual(['Churned_members']);
    expect(await names(`q=${encodeURIComponent('ÖKO')}`)).toEqual(['Ökologisch']);
    expect(await names('q=value&segmentId=Seg3')).toEqual([]);
  });

  it('of runs are filtered by export, status, trigger and time, from included and to excluded', async () => {
    const first = await bench.queuedRun();
    const firstAt = bench.clock.now().toISOString();
    bench.passMinutes(1);
    const secondAt = bench.clock.now().toISOString();
    const second = await bench.queuedRun({ segmentIds: ['Seg2'] });
    expect(await runIds('')).toEqual([second.runId, first.runId]);
    expect(await runIds(`exportId=${first.exported.id}`)).toEqual([first.runId]);
    expect(await runIds(`from=${secondAt}`)).toEqual([second.runId]);
    expect(await runIds(`to=${secondAt}`)).toEqual([first.runId]);
    expect(await runIds(`from=${firstAt}&to=${firstAt}`)).toEqual([]);
    expect(await runIds('from=2026-11-24T03:01:00%2B01:00')).toEqual([second.runId]);
    await bench.plan(first.runId);
    expect(await runIds('status=running')).toEqual([first.runId]);
    expect(await runIds('trigger=manual')).toEqual([]);
  });

  it('of exports name the last run of each', async () => {
    const { exported, runId } = await bench.queuedRun();
    await bench.plan(runId);
    await bench.say(runId, 1);
    await bench.say(runId, 2);
    const ended = await bench.finish(runId);
    const finishedAt = ended.finishedAt?.toISOString();
    const { json } = await http.call('/v1/exports');
    expect(json['items']).toMatchObject([
      { id: exported.id, lastRun: { id: runId, status: 'succeeded', trigger: 'refresh', finishedAt } },
    ]);
    await bench.hear(refreshOf('Seg1', 0));
    const later = await http.call('/v1/exports');
    expect(later.json['items']).toMatchObject([{ lastRun: { status: 'skipped' } }]);
  });

  it('of batches go by number and tell what became of each', async () => {
    bench.planner.batchRows = [3, 2, 1];
    const { runId } = await bench.queuedRun();
    await bench.plan(runId);
    await bench.say(runId, 2, { rejected: 1 });
    const pages = await http.pages<{ number: number }>(`/v1/runs/${runId}/batches`, 2);
    expect(pages).toMatchObject([
      [
        { number: 1, status: 'announced', rows: 3, accepted: 0 },
        { number: 2, status: 'finished', rows: 2, accepted: 1, rejected: 1, jobIds: ['job-2'], attempts: 1, error: null },
      ],
      [{ number: 3, status: 'announced' }],
    ]);
  });
});
