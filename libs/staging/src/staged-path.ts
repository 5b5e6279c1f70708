import { AppError } from '@courier/kernel';

// Every object lies at <collection>/<scope>/<attempt>/<name>. The scope (a run, or a ledger) selects the key, and all four are
// bound to the ciphertext, so that an object moved to another place cannot be opened there.

export interface StagedPath {
  collection: 'runs' | 'ledgers';
  /** The run's or the ledger's id. */
  scope: string;
  attempt: string;
  name: string;
}

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/;

export function parseStagedPath(path: string): StagedPath {
  const segments = path.split('/');
  const [collection, scope, attempt, name] = segments;
  const wellFormed = segments.length === 4 && segments.every((segment) => SEGMENT.test(segment));
  if (!wellFormed || !scope || !attempt || !name || (collection !== 'runs' && collection !== 'ledgers')) {
    throw new AppError('staged_path_invalid', 'A staged path must be <runs|ledgers>/<id>/<attempt>/<name>');
  }
  return { collection, scope, attempt, name };
}

const padded = (number: number): string => String(number).padStart(6, '0');

export const planPath = (runId: string, attempt: number): string => `runs/${runId}/${attempt}/plan.parquet`;

export const invalidRowsPath = (runId: string, attempt: number): string => `runs/${runId}/${attempt}/invalid.ndjson`;

export const batchPath = (runId: string, attempt: number, number: number): string =>
  `runs/${runId}/${attempt}/batch-${padded(number)}`;

/** `deliveryId` tells the results of a replayed batch from those of its first delivery. */
export function resultsPath(runId: string, attempt: number, number: number, deliveryId: string): string {
  return `runs/${runId}/${attempt}/results-${padded(number)}-${deliveryId}.ndjson`;
}

/** `version` is unique for each merge (a new id), so that a merge that lost its race leaves an orphan and disturbs nobody. */
export const ledgerPath = (ledgerId: string, version: string): string => `ledgers/${ledgerId}/${version}/ledger.parquet`;
