import { newId } from '@courier/kernel';
import { StagedFolders as FileStagedFolders } from '@courier/staging';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StagedFolders } from '../ports/staged-folders';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { SweepLeftovers } from './sweep-leftovers';

const DAY_MIN = 24 * 60;

describe('the sweep', () => {
  const root = mkdtempSync(join(tmpdir(), 'courier-sweep-'));
  let bench: OrchestratorBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
    const files = new FileStagedFolders(pathToFileURL(root).href);
    const folders: StagedFolders = bench.get(StagedFolders);
    Object.assign(folders, {
      runs: () => files.runs(),
      ledgerVersions: () => files.ledgerVersions(),
      remove: files.remove.bind(files),
    });
  });
  beforeEach(async () => {
    await bench.reset();
  });
  afterAll(async () => {
    await bench.close();
    rmSync(root, { recursive: true });
  });

  const sweep = () => bench.get(SweepLeftovers).execute();
  const staged = (path: string) => {
    const folder = join(root, path);
    mkdirSync(folder, { recursive: true });
    for (let at = folder; at !== root; at = join(at, '..')) utimesSync(at, bench.clock.now(), bench.clock.now());
    return () => existsSync(folder);
  };
  const finishedRun = async (): Promise<string> => {
    const { runId } = await bench.queuedRun();
    await bench.plan(runId);
    await bench.say(runId, 1);
    await bench.say(runId, 2);
    await bench.finish(runId);
    return runId;
  };
  const leaseNames = async () => {
    const rows: { name: string }[] = await bench.dataSource.query('SELECT name FROM leases ORDER BY name');
    return rows.map(({ name }) => name).filter((name) => name.startsWith('run:'));
  };

  it('removes the objects and leases of runs past their time, and of none that is younger', async () => {
    const old = await finishedRun();
    const objects = [staged(`runs/${old}/1`), staged(`runs/${newId()}/1`), staged('runs/no-run-at-all/1')];
    bench.passMinutes(30 * DAY_MIN);
    const young = await finishedRun();
    const youngObjects = staged(`runs/${young}/1`);
    await sweep();
    expect(objects.map((exists) => exists())).toEqual([true, true, true]);
    bench.passMinutes(2 * DAY_MIN);
    await sweep();
    expect(objects.map((exists) => exists())).toEqual([false, false, false]);
    expect(youngObjects()).toBe(true);
    expect(await leaseNames()).toEqual([`run:${young}`]);
  });

  it('keeps what an open run needs, however old it is', async () => {
    const { runId } = await bench.queuedRun();
    await bench.plan(runId);
    const objects = staged(`runs/${runId}/1`);
    bench.passMinutes(90 * DAY_MIN);
    await sweep();
    expect(objects()).toBe(true);
    expect(await leaseNames()).toEqual([`run:${runId}`]);
  });

  it('keeps the ledger versions that are current or that an open run was planned with', async () => {
    const { exportId } = await bench.run(await finishedRun());
    const rows: { path: string }[] = await bench.dataSource.query(`SELECT object ->> 'path' AS path FROM ledgers`);
    const current = staged((rows[0]?.path ?? '').replace(/\/[^/]*$/, ''));
    const former = staged(`ledgers/${exportId}/0-former`);
    const { runId } = await bench.queuedRun({ segmentIds: ['Seg2'] });
    const planned = staged(`ledgers/${exportId}/0-planned`);
    await bench.dataSource.query(`UPDATE runs SET ledger = jsonb_build_object('path', $2::text) WHERE id = $1`, [
      runId,
      `ledgers/${exportId}/0-planned/ledger.parquet`,
    ]);
    bench.passMinutes(32 * DAY_MIN);
    await sweep();
    expect([current(), former(), planned()]).toEqual([true, false, true]);
  });
});
