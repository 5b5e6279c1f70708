import type { RejectedProfile, RejectedStage } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchRecord } from '../domain/batch';
import { invalidDetails } from '../domain/rejected-profile';
import type { RunRecord } from '../domain/run';
import { BatchStore } from '../ports/batch-store';
import { RejectedRows, type UnacceptedRow } from '../ports/rejected-rows';

export interface RejectedFilter {
  stage?: RejectedStage;
  code?: string;
}

/** A place in a run's list: the invalid rows (0) or a batch by its number, and how many of its entries were passed. */
export interface RejectedPlace {
  source: number;
  entry: number;
}

export interface PlacedProfile {
  profile: RejectedProfile;
  /** Where the list goes on after it. */
  next: RejectedPlace;
}

export const firstPlace: RejectedPlace = { source: 0, entry: 0 };

/** Everybody of a run who was not delivered, in a fixed order, with one staged object in memory at a time. */
@Injectable()
export class ListRejectedProfiles {
  constructor(
    private readonly dataSource: DataSource,
    private readonly batches: BatchStore,
    private readonly rows: RejectedRows,
  ) {}

  /** @throws AppError `staged_object_missing` when the run's objects are past their time. */
  async *execute(run: RunRecord, filter: RejectedFilter, from: RejectedPlace): AsyncGenerator<PlacedProfile> {
    if (from.source === 0 && (filter.stage ?? 'invalid') === 'invalid') yield* this.invalid(run, filter, from.entry);
    if (filter.stage === 'invalid') return;
    for (const batch of await this.batches.findOfRun(this.dataSource.manager, run.id)) {
      if (batch.number < from.source || batch.rejected + batch.unconfirmed === 0) continue;
      yield* this.unaccepted(run, batch, filter, batch.number === from.source ? from.entry : 0);
    }
  }

  private async *invalid(run: RunRecord, filter: RejectedFilter, passed: number): AsyncGenerator<PlacedProfile> {
    if (run.invalidRows === null) return;
    let entry = 0;
    for (const { code, segmentId, file, row, email } of await this.rows.invalidRows(run.invalidRows)) {
      entry += 1;
      if (entry <= passed || (filter.code ?? code) !== code) continue;
      const place = { segmentId, file, row, batch: null, firstSeenAt: firstSeen(run), attempts: 0 };
      yield {
        profile: { stage: 'invalid', email, code, detail: invalidDetails[code] ?? code, ...place },
        next: { source: 0, entry },
      };
    }
  }

  private async *unaccepted(
    run: RunRecord,
    batch: BatchRecord,
    filter: RejectedFilter,
    passed: number,
  ): AsyncGenerator<PlacedProfile> {
    const found = await this.rows.unacceptedRows(batch);
    for (const [index, row] of found.entries()) {
      if (index < passed || !fits(row, filter)) continue;
      const { status: stage, email, code, detail } = row;
      const { number, attempts } = batch;
      const place = { segmentId: null, file: null, row: null, batch: number, firstSeenAt: firstSeen(run), attempts };
      yield { profile: { stage, email, code, detail, ...place }, next: { source: number, entry: index + 1 } };
    }
  }
}

function fits({ status, code }: UnacceptedRow, filter: RejectedFilter): boolean {
  return (filter.stage ?? status) === status && (filter.code ?? code) === code;
}

function firstSeen({ startedAt, createdAt }: RunRecord): string {
  return (startedAt ?? createdAt).toISOString();
}
