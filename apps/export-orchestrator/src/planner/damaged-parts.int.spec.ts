import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Snapshot } from '@courier/contracts';
import { parquetFile } from './testing/parquet-file';
import { planHere as plan, planned, type Ran } from './testing/planner-harness';
import { SnapshotFolder } from './testing/snapshot-folder';

const secret = 'secret.person@example.com';
const rows = 200;
const emails = Array.from({ length: rows }, (_, row) => (row === 0 ? secret : `p${row}@example.com`));
const csv = `Email,Name\n${emails.map((email) => `${email},Ada\n`).join('')}`;
const ndjson = emails.map((Email) => `${JSON.stringify({ Email, Name: 'Ada' })}\n`).join('');

// Files that were cut or changed on their way. With a digest every change is found before a row is read; without one, what the format
// itself can tell, and a warning where it cannot.
describe('a damaged part', () => {
  let folder: SnapshotFolder;
  let parquet: Buffer;
  beforeEach(async () => {
    folder = new SnapshotFolder();
    parquet = await parquetFile(
      `SELECT CASE WHEN i = 0 THEN '${secret}' ELSE 'p' || i || '@example.com' END AS "Email", 'Ada' AS "Name" FROM range(${rows}) r(i)`,
    );
  });
  afterEach(() => folder.remove());

  const formats = () =>
    [
      ['csv', 'none', Buffer.from(csv)],
      ['csv', 'gzip', gzipSync(csv)],
      ['ndjson', 'none', Buffer.from(ndjson)],
      ['ndjson', 'gzip', gzipSync(ndjson)],
      ['parquet', 'none', parquet],
    ] as const;

  const flipped = (content: Buffer, bit: number): Buffer => {
    const changed = Buffer.from(content);
    const at = Math.floor(bit / 8);
    changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
    return changed;
  };

  /** The event tells of the sound file, the folder holds another. */
  function swapped(format: 'csv' | 'ndjson' | 'parquet', compression: 'none' | 'gzip', sound: Buffer, stored: Buffer): Snapshot {
    const snapshot = folder.files('S', format, [{ content: sound, rows }], compression);
    folder.files('S', format, [{ content: stored, rows }], compression);
    return snapshot;
  }
  const withoutDigest = (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    partitions: snapshot.partitions.map(({ uri, rows: announced }) => ({ uri, rows: announced })),
  });

  let attempt = 0;
  function runOf(snapshot: Snapshot): Promise<Ran> {
    attempt += 1;
    return plan(folder.job([snapshot], { attempt, mapping: { email: 'Email' } }));
  }

  function failure({ outcome, staged, frozen }: Ran): string | null {
    if (outcome.kind !== 'failed') return null;
    expect(JSON.stringify(outcome)).not.toContain('example.com');
    expect([staged, frozen]).toEqual([[], []]);
    return outcome.code;
  }

  it('is planned while it is sound', async () => {
    for (const [format, compression, content] of formats()) {
      const ran = await plan(
        folder.job([folder.files('S', format, [{ content, rows }], compression)], { mapping: { email: 'Email' } }),
      );
      expect(planned(ran).counts).toMatchObject({ snapshotRows: rows, toAdd: rows });
    }
  });

  it('has another digest, whichever bit was changed and whatever it broke', async () => {
    for (const [format, compression, sound] of formats()) {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: sound.length * 8 - 1 }), async (bit) => {
          const ran = await runOf(swapped(format, compression, sound, flipped(sound, bit)));
          expect(failure(ran)).toBe('snapshot_digest_mismatch');
        }),
        { numRuns: 4, seed: 3 },
      );
    }
  });

  it('has another size when it was cut', async () => {
    for (const [format, compression, sound] of formats()) {
      const ran = await runOf(swapped(format, compression, sound, sound.subarray(0, -20)));
      expect(failure(ran)).toBe('snapshot_size_mismatch');
    }
  });

  it('is unreadable or has another number of rows when it was cut and nothing else tells', async () => {
    for (const [format, compression, sound] of formats()) {
      for (const length of [1, sound.length / 2, sound.length - 30].map(Math.floor)) {
        const snapshot = withoutDigest(swapped(format, compression, sound, sound.subarray(0, length)));
        const ran = await runOf(snapshot);
        // A cut inside the last line leaves the number of lines as it is: that line is an invalid row.
        if (ran.outcome.kind === 'planned') expect(planned(ran).invalidReasons).toEqual({ line_unreadable: 1 });
        else expect(failure(ran)).toMatch(/^snapshot_(unreadable|count_mismatch)$/);
      }
    }
  });

  it('gives no other rows in silence when a bit was changed and nothing else tells', async () => {
    const named = /^(snapshot_unreadable|snapshot_count_mismatch|email_column_missing)$/;
    for (const [format, compression, sound] of formats().filter(([, compression]) => compression === 'gzip')) {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 80, max: sound.length * 8 - 1 }), async (bit) => {
          const ran = await runOf(withoutDigest(swapped(format, compression, sound, flipped(sound, bit))));
          // A bit of gzip that decides nothing may be any.
          if (ran.outcome.kind === 'planned') expect(planned(ran).counts.toAdd).toBe(rows);
          else expect(failure(ran)).toMatch(named);
        }),
        { numRuns: 15, seed: 3 },
      );
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: parquet.length * 8 - 1 }), async (bit) => {
        const ran = await runOf(withoutDigest(swapped('parquet', 'none', parquet, flipped(parquet, bit))));
        if (ran.outcome.kind === 'planned') expect(planned(ran).warnings).toContainEqual({ code: 'digest_missing', count: 1 });
        else expect(failure(ran)).toMatch(named);
      }),
      { numRuns: 50, seed: 3 },
    );
  });

  it('is unreadable, not a failure of the disk, when Parquet points behind its end', async () => {
    const beyond = Buffer.from(parquet);
    beyond.writeUInt32LE(parquet.length * 4, parquet.length - 8);
    expect(failure(await runOf(withoutDigest(swapped('parquet', 'none', parquet, beyond))))).toBe('snapshot_unreadable');
    const footer = Buffer.from(parquet);
    footer.fill(0xff, parquet.length - 60, parquet.length - 40);
    expect(failure(await runOf(withoutDigest(swapped('parquet', 'none', parquet, footer))))).toBe('snapshot_unreadable');
  });

  it('is stopped when it unpacks to far more than text does', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('Email,Name\n'), Buffer.alloc(20 * 1024 * 1024, 0x61)]));
    const ran = await runOf(folder.files('S', 'csv', [{ content: bomb, rows: 1 }], 'gzip'));
    expect(failure(ran)).toBe('snapshot_unreadable');
  });
});
