import type { BatchLines, StagedObjectRef } from '@courier/staging';
import type { RowResult } from './row-result';
import type { Submission } from './submission';

export interface ResultsPlace {
  runId: string;
  attempt: number;
  number: number;
  deliveryId: string;
}

export abstract class BatchObjects {
  /** Up to 4.5 MB in memory. Throws AppError `staged_object_*` when it is missing, damaged (as with another number of lines) or too large. */
  abstract load(submission: Submission): Promise<BatchLines>;
  /** False when it was swept. Reads no content. */
  abstract isStaged(object: StagedObjectRef): Promise<boolean>;
  abstract readResults(ref: StagedObjectRef): Promise<RowResult[]>;
  /** Results of one submission, kept until its delivery ends. */
  abstract writePart(place: ResultsPlace, results: readonly RowResult[]): Promise<StagedObjectRef>;
  /** All results of a delivery; the same results again give the same object. */
  abstract writeResults(place: ResultsPlace, results: readonly RowResult[]): Promise<StagedObjectRef>;
}
