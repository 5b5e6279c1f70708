import type { StagedObjectRef } from '@courier/contracts';

export interface BatchRecord {
  id: string;
  runId: string;
  attempt: number;
  /** 1-based within the run. */
  number: number;
  operation: 'upsert' | 'remove';
  rows: number;
  bytes: number;
  status: 'planned' | 'announced' | 'finished';
  object: StagedObjectRef | null;
  accepted: number;
  rejected: number;
  unconfirmed: number;
  notAttempted: number;
  rejectedReasons: Record<string, number>;
  /** Staged lines about the rows that were not accepted; null when all were, or none has an own result. */
  results: StagedObjectRef | null;
  jobIds: string[];
  attempts: number;
  error: { code: string; detail: string } | null;
}
