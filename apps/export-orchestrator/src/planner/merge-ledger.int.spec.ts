import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StagedObjectRef } from '@courier/contracts';
import { encodeResults, ledgerPath, resultsPath, type ResultStatus } from '@courier/staging';
import type { MergedLedger, MergeJob, Plan } from './protocol';
import { mergeHere, planHere, planned, privateFolders, Staged } from './testing/planner-harness';
import { csvLine, SnapshotFolder } from './testing/snapshot-folder';

describe('a merge of the ledger', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  let versions = 0;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  /** A plan over these people, `[local part, first name]`, which all fit into batch 1. */
  async function planOf(
    runId: string,
    people: readonly [string, string][],
    ledger: StagedObjectRef | null = null,
  ): Promise<Plan> {
    const lines = people.map(([local, name]) => csvLine(['1', `${local}@x.de`, name]));
    return planned(await planHere(folder.job([folder.people(`S${runId}`, lines)], { runId, ledger })));
  }

  async function merge(changes: Pick<MergeJob, 'plan' | 'batches' | 'ledger' | 'runSeq'>): Promise<MergedLedger> {
    const { stagingUri, stagingKeyFile, privateDir, memoryMb } = folder.job([]);
    const sentAt = `2026-11-0${changes.runSeq}T00:00:00.000Z`;
    versions += 1;
    const target = ledgerPath('ledger-1', `v${versions}`);
    const job = { runId: 'r', attempt: 1, sentAt, target, stagingUri, stagingKeyFile, privateDir, memoryMb, ...changes };
    return mergeHere(job);
  }

  const results = async (runId: string, rows: readonly [number, ResultStatus][]): Promise<StagedObjectRef> => {
    const lines = rows.map(([line, status]) => ({ line, status, code: 'c', detail: '' }));
    return staged.area.write(resultsPath(runId, 1, 1, 'd'), encodeResults(lines));
  };

  /** `local: [has a hash, first sent on day, run]` */
  async function ledger(ref: StagedObjectRef): Promise<Record<string, unknown[]>> {
    const query =
      "SELECT split_part(identifier, '@', 1), hash IS NOT NULL, substr(first_sent_at, 9, 2)::INTEGER, run_seq::INTEGER FROM $table ORDER BY 1";
    return Object.fromEntries((await staged.table(ref, query)).map(([local, ...row]) => [String(local), row]));
  }

  const everybody = [{ number: 1, results: null }];

  it('begins with the people who were accepted', async () => {
    const first = await planOf('1', [
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
      ['d', 'D'],
    ]);
    const refused = await results('1', [
      [1, 'rejected'],
      [2, 'unconfirmed'],
      [3, 'notAttempted'],
    ]);
    const merged = await merge({ plan: first.object, ledger: null, runSeq: 1, batches: [{ number: 1, results: refused }] });
    expect(merged.people).toBe(1);
    expect(await ledger(merged.ledger)).toEqual({ a: [true, 1, 1] });
  });

  it('keeps when a person was first sent, and forgets the content of rows that were refused', async () => {
    const people: [string, string][] = [
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
      ['d', 'D'],
    ];
    const one = await merge({ plan: (await planOf('1', people)).object, ledger: null, runSeq: 1, batches: everybody });
    const refused = await results('2', [
      [1, 'rejected'],
      [2, 'unconfirmed'],
      [3, 'notAttempted'],
    ]);
    const second = await planOf('2', [...people, ['e', 'E']], one.ledger);
    const two = await merge({ plan: second.object, ledger: one.ledger, runSeq: 2, batches: [{ number: 1, results: refused }] });
    expect(await ledger(two.ledger)).toEqual({
      a: [true, 1, 2],
      b: [false, 1, 2],
      c: [false, 1, 2],
      d: [true, 1, 1],
      e: [true, 2, 2],
    });
    expect(await ledger(one.ledger)).toEqual({ a: [true, 1, 1], b: [true, 1, 1], c: [true, 1, 1], d: [true, 1, 1] });
  });

  it('never lets an older run overwrite a newer one', async () => {
    const older = await planOf('1', [
      ['a', 'old'],
      ['b', 'old'],
      ['c', 'old'],
    ]);
    const newer = await planOf('2', [
      ['a', 'new'],
      ['b', 'new'],
    ]);
    const two = await merge({ plan: newer.object, ledger: null, runSeq: 2, batches: everybody });
    const refused = await results('1', [[1, 'rejected']]);
    const late = await merge({ plan: older.object, ledger: two.ledger, runSeq: 1, batches: [{ number: 1, results: refused }] });
    expect(await ledger(late.ledger)).toEqual({ a: [true, 2, 2], b: [true, 2, 2], c: [true, 1, 1] });
    const hashes = "SELECT identifier, hash FROM $table WHERE identifier < 'c' ORDER BY identifier";
    expect(await staged.table(late.ledger, hashes)).toEqual(await staged.table(newer.object, hashes));
  });

  it('takes batches without an outcome for not attempted, and batches without any acceptance for unknown', async () => {
    const people: [string, string][] = [
      ['a', 'A'],
      ['b', 'B'],
    ];
    const one = await merge({ plan: (await planOf('1', people)).object, ledger: null, runSeq: 1, batches: everybody });
    const second = await planOf('2', [...people, ['c', 'C']], one.ledger);
    const untouched = await merge({ plan: second.object, ledger: one.ledger, runSeq: 2, batches: [] });
    expect(await ledger(untouched.ledger)).toEqual({ a: [true, 1, 1], b: [true, 1, 1] });
    const unknown = await merge({
      plan: second.object,
      ledger: one.ledger,
      runSeq: 2,
      batches: [{ number: 1, results: null, allNotAccepted: true }],
    });
    expect(await ledger(unknown.ledger)).toEqual({ a: [false, 1, 2], b: [false, 1, 2] });
  });

  describe('whose version cannot be read', () => {
    const file = (ref: StagedObjectRef): string => join(folder.base, 'staging', ref.path);
    const damages: [string, { passes: boolean; damage: (ref: StagedObjectRef) => void }][] = [
      ['is gone', { passes: true, damage: (ref) => rmSync(file(ref)) }],
      ['is gone with its folder', { passes: true, damage: (ref) => rmSync(dirname(file(ref)), { recursive: true }) }],
      ['is cut', { passes: false, damage: (ref) => truncateSync(file(ref), 100) }],
      [
        'has another byte',
        { passes: false, damage: (ref) => writeFileSync(file(ref), Buffer.from(readFileSync(file(ref))).fill(0, 60, 61)) },
      ],
      [
        'was written with another key',
        { passes: true, damage: () => writeFileSync(folder.stagingKeyFile, randomBytes(32).toString('base64')) },
      ],
    ];

    it.each(damages)('because it %s is refused by name, as is a plan with it', async (_how, { passes, damage }) => {
      const { object: plan } = await planOf('1', [['a', 'A']]);
      const { ledger: first } = await merge({ plan, ledger: null, runSeq: 1, batches: everybody });
      damage(first);
      const next = folder.job([folder.people('S2', [csvLine(['1', 'b@x.de', 'B'])])], { runId: '2', ledger: first });
      const { outcome } = await planHere(next);
      expect(outcome).toMatchObject({ kind: 'failed', code: 'ledger_unreadable', detail: expect.stringContaining(first.path) });
      const again = merge({ plan, ledger: first, runSeq: 2, batches: everybody });
      await expect(again).rejects.toMatchObject({ code: 'ledger_unreadable', retryable: passes });
    });

    it('is read after a rotation of the key', async () => {
      const { object: plan } = await planOf('1', [['a', 'A']]);
      const { ledger: first } = await merge({ plan, ledger: null, runSeq: 1, batches: everybody });
      const old = readFileSync(folder.stagingKeyFile, 'utf8');
      writeFileSync(folder.stagingKeyFile, `${randomBytes(32).toString('base64')}\n${old}\n`);
      expect((await planOf('2', [['a', 'A']], first)).counts).toMatchObject({ toChange: 1 });
    });
  });

  it('makes people of the ledger changes of the next full plan', async () => {
    const one = await merge({
      plan: (
        await planOf('1', [
          ['a', 'A'],
          ['b', 'B'],
        ])
      ).object,
      ledger: null,
      runSeq: 1,
      batches: everybody,
    });
    const second = await planOf(
      '2',
      [
        ['a', 'A'],
        ['c', 'C'],
      ],
      one.ledger,
    );
    expect(second.counts).toMatchObject({ unchanged: 0, toAdd: 1, toChange: 1 });
    expect(await staged.table(second.object, 'SELECT identifier, kind FROM $table ORDER BY 1')).toEqual([
      ['a@x.de', 'change'],
      ['c@x.de', 'add'],
    ]);
    expect(privateFolders(folder)).toEqual([]);
  });
});
