import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import type { EntityManager } from 'typeorm';
import { BatchStore } from '../../ports/batch-store';
import { RefreshStore } from '../../ports/refresh-store';
import { RunStore } from '../../ports/run-store';
import { refreshOf } from '../../testing/messages';
import { OrchestratorBench } from '../../testing/orchestrator-bench';

const RUNS = 20;
const PARTS = 5_000;
/** Twenty rows with all that is shown of them are some kilobytes; the parts of one snapshot alone are more than this. */
const BYTES_MAX = 100_000;

/** What the database sends, because that is what fills the memory: counted on the connection's own socket. */
describe('lists of what has snapshots of many parts', () => {
  let bench: OrchestratorBench;
  let exportId: string;
  let lastRunId: string;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
    await bench.reset();
    ({ id: exportId } = await bench.export());
    for (let sequence = 1; sequence <= RUNS; sequence += 1) {
      const { runIds } = await bench.hear(refreshOf('Seg1', sequence));
      lastRunId = runIds[0] ?? '';
      bench.passMinutes(1);
    }
    await bench.dataSource.query(
      `UPDATE refreshes SET snapshot = snapshot || jsonb_build_object('partitions', (SELECT jsonb_agg(
         jsonb_build_object('uri', 'file:///no-snapshots/' || md5(part::text || id::text), 'rows', 1)) FROM generate_series(1, $1) part))`,
      [PARTS],
    );
    await bench.dataSource.query(
      `UPDATE runs SET status = 'queued', finished_at = NULL, phase = 'finishing', snapshots = jsonb_build_array(jsonb_build_object(
         'segmentId', 'Seg1', 'refreshId', refresh_id, 'sequence', refreshes.sequence, 'snapshot', snapshot))
       FROM refreshes WHERE runs.id = ANY(refreshes.run_ids)`,
    );
  });
  afterAll(() => bench.close());

  const bytesOf = async (work: (manager: EntityManager) => Promise<unknown>): Promise<number> => {
    const runner = bench.dataSource.createQueryRunner();
    try {
      const { connection } = (await runner.connect()) as { connection: { stream: Socket } };
      const before = connection.stream.bytesRead;
      await work(runner.manager);
      return connection.stream.bytesRead - before;
    } finally {
      await runner.release();
    }
  };

  it('are made of rows that are heavy', async () => {
    expect(await bytesOf((manager) => bench.get(RunStore).find(manager, lastRunId))).toBeGreaterThan(BYTES_MAX);
  });

  it.each<[string, (manager: EntityManager) => Promise<unknown>]>([
    ['runs', (manager) => bench.get(RunStore).list(manager, { limit: 200 })],
    ['last runs of exports', (manager) => bench.get(RunStore).findLastOf(manager, [exportId])],
    ['runs to plan', (manager) => bench.get(RunStore).findUnplanned(manager, '0')],
    ['runs to finish', (manager) => bench.get(RunStore).findFinishing(manager)],
    [
      'overdue runs',
      (manager) => bench.get(RunStore).findOverdue(manager, { stopBefore: bench.clock.now(), giveUpBefore: bench.clock.now() }),
    ],
    ['refreshes', (manager) => bench.get(RefreshStore).list(manager, { limit: 200 })],
    ['segments', (manager) => bench.get(RefreshStore).listLastOfSegments(manager, { limit: 200 })],
    ['snapshots', (manager) => bench.get(RefreshStore).listSnapshots(manager, { segmentId: 'Seg1', limit: 200 })],
  ])('bring no part of them: %s', async (_of, list) => {
    let found: unknown;
    const bytes = await bytesOf(async (manager) => (found = await list(manager)));
    expect(bytes).toBeLessThan(BYTES_MAX);
    expect(found instanceof Map ? [...found.values()] : found).not.toEqual([]);
  });

  it('name the snapshots of a run and the number of parts of a snapshot all the same', async () => {
    const { manager } = bench.dataSource;
    const [run] = await bench.get(RunStore).list(manager, { limit: 1 });
    expect(run).toMatchObject({ id: lastRunId, exportId });
    expect(run?.snapshots).toEqual([{ segmentId: 'Seg1', refreshId: `refresh-Seg1-${RUNS}`, sequence: RUNS }]);
    const [snapshot] = await bench.get(RefreshStore).listSnapshots(manager, { segmentId: 'Seg1', limit: 1 });
    expect(snapshot?.snapshot).toEqual({ format: 'csv', compression: 'none', rowCount: 2, parts: PARTS });
  });

  it('bring a page of a run’s batches, not all', async () => {
    await bench.dataSource.query(
      `INSERT INTO batches (id, run_id, attempt, number, operation, rows, bytes, status)
       SELECT gen_random_uuid(), $1, 1, number, 'upsert', 1, 100, 'planned' FROM generate_series(1, 10000) number`,
      [lastRunId],
    );
    let numbers: number[] = [];
    const bytes = await bytesOf(async (manager) => {
      const batches = await bench.get(BatchStore).listOfRun(manager, lastRunId, { after: 9_000, limit: 51 });
      numbers = batches.map(({ number }) => number);
    });
    expect(numbers).toEqual(Array.from({ length: 51 }, (_, index) => 9_001 + index));
    expect(bytes).toBeLessThan(BYTES_MAX);
  });
});
