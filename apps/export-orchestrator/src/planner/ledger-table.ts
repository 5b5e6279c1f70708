import { AppError } from '@courier/kernel';
import type { StagedObjectRef, StagingArea } from '@courier/staging';
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

/** They pass when the folder is mounted, or the key is put back; a damaged object stays damaged. */
const passing: readonly string[] = ['staged_object_missing', 'staging_key_unknown'];

/**
 * A version of the ledger out of staging. What is wrong with the object, or with its key, is told as `ledger_unreadable`; it is
 * retryable where the object may be read again later.
 */
export async function readLedger(staging: StagingArea, ref: StagedObjectRef): Promise<Buffer> {
  try {
    return await staging.read(ref);
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    throw new AppError('ledger_unreadable', `${ref.path}: ${error.message} (${error.code})`, {
      cause: error,
      retryable: passing.includes(error.code),
    });
  }
}
