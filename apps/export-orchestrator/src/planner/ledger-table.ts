import type { LockedDuckDb } from './locked-duckdb';

// The delivered ledger of one (export, account, list): identifier, hash of the content that Klaviyo confirmed (NULL: send again),
// first_sent_at (ISO text), run_seq of the run that wrote the row.

/** `file` is a literal of a local ledger file; null stands for an empty ledger. */
export async function createLedgerView(database: LockedDuckDb, file: string | null): Promise<void> {
  const statement =
    file === null
      ? 'CREATE TABLE ledger (identifier VARCHAR, hash UBIGINT, first_sent_at VARCHAR, run_seq BIGINT)'
      : `CREATE VIEW ledger AS SELECT identifier, hash, first_sent_at, run_seq FROM read_parquet(${file})`;
  await database.run('open the ledger', [statement]);
}
