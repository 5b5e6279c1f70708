import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeResults, stagingLimits, StagingArea, StagingKey } from '@courier/staging';
import { sqlText } from '../domain/klaviyo-profile';
import { createLedgerView, readLedger } from './ledger-table';
import { LockedDuckDb } from './locked-duckdb';
import type { MergedLedger, MergeJob } from './protocol';

// The ledger moves only by rows that Klaviyo confirmed. A row that was rejected or is unconfirmed keeps its place but loses its hash,
// so that the next run sends it again; a row that was not attempted stays as it is. Whatever a newer run wrote is left alone.

const RESULTS_PER_INSERT = 1_000;

/** `folder` is private, empty and removed by the caller. */
export async function mergeLedger(job: MergeJob, folder: string): Promise<MergedLedger> {
  const staging = new StagingArea(job.stagingUri, StagingKey.fromFile(job.stagingKeyFile));
  const database = await LockedDuckDb.open(folder, job.memoryMb);
  const localCopy = async (content: Buffer, name: string): Promise<string> => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return database.file(name);
  };
  try {
    await createLedgerView(
      database,
      job.ledger === null ? null : await localCopy(await readLedger(staging, job.ledger), 'ledger.parquet'),
    );
    const plan = await localCopy(await staging.read(job.plan), 'plan.parquet');
    await loadResults(job, database, staging);
    await database.run('merge', [deltaSql(plan), mergeSql(job), writeSql(database.file('merged.parquet'))]);
    const [people = 0] = await database.numbers('count the ledger', 'SELECT count(*) FROM merged');
    const content = await readFile(join(folder, 'merged.parquet'));
    return { ledger: await staging.write(job.target, content, { coding: 'none' }), people };
  } finally {
    database.close();
  }
}

/** finished: the batches that have an outcome. results: their rows that were not accepted. */
async function loadResults(job: MergeJob, database: LockedDuckDb, staging: StagingArea): Promise<void> {
  await database.run('create results', [
    'CREATE TABLE finished (batch INTEGER, none_accepted BOOLEAN)',
    'CREATE TABLE results (batch INTEGER, line INTEGER, status VARCHAR)',
  ]);
  for (const { number, results, allNotAccepted } of job.batches) {
    await database.run('load results', [`INSERT INTO finished VALUES (${number}, ${allNotAccepted === true})`]);
    if (results === null) continue;
    const lines = decodeResults(await staging.read(results, { contentBytesMax: stagingLimits.resultBytesMax }));
    for (let from = 0; from < lines.length; from += RESULTS_PER_INSERT) {
      const values = lines
        .slice(from, from + RESULTS_PER_INSERT)
        .map(({ line, status }) => `(${number}, ${line}, ${sqlText(status)})`);
      await database.run('load results', [`INSERT INTO results VALUES ${values.join(', ')}`]);
    }
  }
}

/** Accepted rows with their new hash; refused ones with NULL. Rows that were not attempted are not in it. */
const deltaSql = (plan: string): string => `CREATE TABLE delta AS
  SELECT identifier, accepted, CASE WHEN accepted THEN hash END AS hash FROM (
    SELECT plan.identifier, plan.hash, results.status, results.status IS NULL AND NOT none_accepted AS accepted
    FROM read_parquet(${plan}) plan
    JOIN finished ON finished.batch = plan.batch
    LEFT JOIN results ON results.batch = plan.batch AND results.line = plan.line
  ) WHERE status IS DISTINCT FROM 'notAttempted'`;

const mergeSql = ({ runSeq, sentAt }: MergeJob): string => `CREATE TABLE merged AS
  SELECT identifier,
    CASE WHEN moves THEN delta_hash ELSE hash END AS hash,
    coalesce(first_sent_at, ${sqlText(sentAt)}) AS first_sent_at,
    CASE WHEN moves THEN ${Math.trunc(runSeq)} ELSE run_seq END AS run_seq
  FROM (
    SELECT coalesce(ledger.identifier, delta.identifier) AS identifier, ledger.hash, ledger.first_sent_at, ledger.run_seq,
      delta.hash AS delta_hash,
      delta.identifier IS NOT NULL AND (ledger.run_seq IS NULL OR ledger.run_seq <= ${Math.trunc(runSeq)}) AS moves,
      ledger.identifier IS NOT NULL OR delta.accepted AS belongs
    FROM ledger FULL JOIN delta ON ledger.identifier = delta.identifier
  ) WHERE belongs`;

const writeSql = (file: string): string =>
  `COPY (SELECT identifier, hash, first_sent_at, run_seq::BIGINT AS run_seq FROM merged ORDER BY identifier)
    TO ${file} (FORMAT parquet, COMPRESSION zstd)`;
