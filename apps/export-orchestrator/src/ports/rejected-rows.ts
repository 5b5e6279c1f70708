import type { StagedObjectRef } from '@courier/contracts';
import type { BatchRecord } from '../domain/batch';
import type { InvalidRow } from '../planner/protocol';

/** A row of a batch that was not accepted. */
export interface UnacceptedRow {
  email: string;
  status: 'rejected' | 'unconfirmed';
  code: string;
  /** May quote the profile. */
  detail: string;
}

/** The staged objects about people who were not delivered. Each call holds one object, at most; errors name none of their content. */
export abstract class RejectedRows {
  /** @throws AppError `staged_object_missing` when the run's objects were swept. */
  abstract invalidRows(ref: StagedObjectRef): Promise<Iterable<InvalidRow>>;
  /** In the order of the batch's lines. @throws AppError `staged_object_missing`. */
  abstract unacceptedRows(batch: BatchRecord): Promise<UnacceptedRow[]>;
}
