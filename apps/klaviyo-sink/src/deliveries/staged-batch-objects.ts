import { AppError, newId } from '@courier/kernel';
import {
  type BatchLines,
  decodeBatch,
  decodeResults,
  encodeResults,
  resultsPath,
  type StagedObjectRef,
  type StagingArea,
  stagingLimits,
} from '@courier/staging';
import type { RowResult } from './row-result';
import type { Submission } from './submission';
import { BatchObjects, type ResultsPlace } from './batch-objects';

/** Rejections quote profiles, so what Klaviyo said about a row lives here, encrypted, and nowhere else. */
export class StagedBatchObjects extends BatchObjects {
  constructor(private readonly area: StagingArea) {
    super();
  }

  async load({ object, batchRows }: Submission): Promise<BatchLines> {
    const lines = decodeBatch(await this.area.read(object, { contentBytesMax: stagingLimits.batchBytesMax }));
    if (lines.size === batchRows) return lines;
    const context = { lines: lines.size, rows: batchRows };
    throw new AppError('staged_object_damaged', 'A batch has other lines than it was announced with', { context });
  }

  isStaged(object: StagedObjectRef): Promise<boolean> {
    return this.area.has(object.path);
  }

  async readResults(ref: StagedObjectRef): Promise<RowResult[]> {
    return decodeResults(await this.area.read(ref, { contentBytesMax: stagingLimits.resultBytesMax }));
  }

  writePart(place: ResultsPlace, results: readonly RowResult[]): Promise<StagedObjectRef> {
    // A name of its own: a part whose write into the database was lost is an orphan that disturbs nobody.
    return this.area.write(`runs/${place.runId}/${place.attempt}/part-${newId()}.ndjson`, encodeResults(results));
  }

  writeResults(place: ResultsPlace, results: readonly RowResult[]): Promise<StagedObjectRef> {
    const { attempt, deliveryId, number, runId } = place;
    return this.area.write(resultsPath(runId, attempt, number, deliveryId), encodeResults(results));
  }
}
