import { AppError } from '@courier/kernel';
import { decodeBatch } from '@courier/staging';
import { BatchCutter } from './batch-cutter';
import type { LockedDuckDb } from './locked-duckdb';
import type { PlannedBatch } from './protocol';

// lines: which person stands in which line of which batch. Either freshly cut, or as a frozen plan says.

const CUT_CHUNK_ROWS = 200_000;
const CREATE_LINES = `CREATE TABLE lines AS
  SELECT batch, line, identifier, hash, kind, ordinal, bytes FROM`;

/** Cuts `people` into batches and numbers their lines. */
export async function cutLines(database: LockedDuckDb, people: number): Promise<void> {
  const cutter = new BatchCutter();
  for (let from = 0; from < people; from += CUT_CHUNK_ROWS) {
    const query = `SELECT bytes FROM people WHERE rowid >= ${from} AND rowid < ${from + CUT_CHUNK_ROWS} ORDER BY rowid`;
    const lengths = await database.read('read lengths', query);
    for (const bytes of lengths.getColumns()[0] ?? []) cutter.add(Number(bytes));
  }
  const values = cutter.cuts.map(({ first }, index) => `(${index + 1}, ${first})`);
  await database.run('number lines', [
    'CREATE TABLE cuts (batch INTEGER, first BIGINT)',
    ...(values.length > 0 ? [`INSERT INTO cuts VALUES ${values.join(', ')}`] : []),
    `${CREATE_LINES} (
      SELECT batch, (place - first)::INTEGER AS line, identifier, hash, CASE WHEN known THEN 'change' ELSE 'add' END AS kind, ordinal, bytes
      FROM (SELECT rowid AS place, * FROM people) placed ASOF JOIN cuts ON place >= first
    ) ORDER BY batch, line`,
  ]);
}

/** Takes the lines of a frozen plan, after every one of them was found again, with the same content. `frozen` is a file literal. */
export async function adoptLines(database: LockedDuckDb, frozen: string): Promise<void> {
  await database.run('read the frozen plan', [`CREATE TABLE frozen AS SELECT * FROM read_parquet(${frozen})`]);
  const [different] = await database.numbers(
    'compare with the frozen plan',
    `SELECT count(*) FROM people FULL JOIN frozen USING (identifier)
      WHERE people.hash IS DISTINCT FROM frozen.hash OR people.hash IS NULL OR frozen.hash IS NULL`,
  );
  if (different !== 0) {
    const detail = `${different} lines of the frozen plan are no longer what the snapshot and the mapping give`;
    throw new AppError('snapshot_digest_mismatch', detail);
  }
  await database.run('number lines', [
    `${CREATE_LINES} (
      SELECT frozen.batch, frozen.line, frozen.identifier, frozen.hash, frozen.kind, people.ordinal, people.bytes
      FROM frozen JOIN people USING (identifier)
    ) ORDER BY batch, line`,
  ]);
}

export async function writePlan(database: LockedDuckDb, file: string): Promise<void> {
  await database.run('write the plan', [
    `COPY (SELECT batch, line, identifier, hash, kind FROM lines ORDER BY batch, line) TO ${file} (FORMAT parquet, COMPRESSION zstd)`,
  ]);
}

/** `bytes` are those of the profiles with the commas between them. */
export async function listBatches(database: LockedDuckDb): Promise<PlannedBatch[]> {
  const batches = await database.read(
    'list batches',
    'SELECT batch, count(*)::DOUBLE, (sum(bytes) + count(*) - 1)::DOUBLE FROM lines GROUP BY batch ORDER BY batch',
  );
  return batches.getRows().map(([number, rows, bytes]) => ({ number: Number(number), rows: Number(rows), bytes: Number(bytes) }));
}

export async function countKinds(database: LockedDuckDb): Promise<{ toAdd: number; toChange: number }> {
  const query = "SELECT count(*) FILTER (kind = 'add'), count(*) FILTER (kind = 'change') FROM lines";
  const [toAdd = 0, toChange = 0] = await database.numbers('count kinds', query);
  return { toAdd, toChange };
}

/** The text of one batch: `<identifier>\t<profile>\n` for each line, in order. */
export async function batchText(database: LockedDuckDb, batch: PlannedBatch): Promise<Buffer> {
  const range = `SELECT min(ordinal)::DOUBLE, max(ordinal)::DOUBLE FROM lines WHERE batch = ${batch.number}`;
  const [first = 0, last = 0] = await database.numbers('find a batch', range);
  const reader = await database.read(
    'read a batch',
    `SELECT encode(string_agg(lines.identifier || chr(9) || parsed.profile || chr(10), '' ORDER BY line)), count(*)::DOUBLE
      FROM lines JOIN parsed ON parsed.rowid = lines.ordinal
      WHERE batch = ${batch.number} AND parsed.rowid BETWEEN ${first} AND ${last}`,
  );
  const [text, rows] = reader.getRows()[0] ?? [];
  if (rows !== batch.rows || !isBlob(text))
    throw new AppError('planner_query_failed', 'A batch lost rows', { context: { ...batch } });
  const { bytes } = text;
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A value that brought a line end of its own would shift whom the sink means by a line.
  if (decodeBatch(encoded).size !== batch.rows)
    throw new AppError('batch_line_invalid', 'A batch has more lines than rows', { context: { ...batch } });
  return encoded;
}

function isBlob(value: unknown): value is { bytes: Uint8Array } {
  return typeof value === 'object' && value !== null && 'bytes' in value && ArrayBuffer.isView(value.bytes);
}
