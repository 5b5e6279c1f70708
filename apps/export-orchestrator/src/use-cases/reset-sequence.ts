import { type Actor, AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefreshStore } from '../ports/refresh-store';

export interface SequenceReset {
  /** Refreshes above it are taken from now on; null: whatever the next one has. */
  sequence: number | null;
  reason: string;
}

export type ResetSequenceResult = { kind: 'reset' } | { kind: 'segment_not_found' } | { kind: 'not_lower'; newest: number };

/** Leads a segment out of a sequence that was too high and made every later refresh stale. What was heard of before is older from now on. */
@Injectable()
export class ResetSequence {
  constructor(
    private readonly dataSource: DataSource,
    private readonly refreshes: RefreshStore,
    private readonly audit: AuditTrail,
  ) {}

  execute(segmentId: string, { sequence, reason }: SequenceReset, by: Actor, once: Once): Promise<ResetSequenceResult> {
    return this.dataSource.transaction(async (manager): Promise<ResetSequenceResult> => {
      const { newest } = await this.refreshes.lockSequence(manager, segmentId);
      const known = await this.refreshes.listLastOfSegments(manager, { segmentId, limit: 1 });
      if (known.length === 0) return { kind: 'segment_not_found' };
      // A higher one would make stale what is not.
      if (sequence !== null && newest !== null && sequence >= newest) return { kind: 'not_lower', newest };
      await this.refreshes.resetSequence(manager, segmentId, sequence);
      await this.audit.record(manager, by, {
        action: 'segment.sequence_reset',
        aggregate: { type: 'segment', id: segmentId },
        reason,
        changes: [
          { field: 'sequence', ...(newest === null ? {} : { from: newest }), ...(sequence === null ? {} : { to: sequence }) },
        ],
      });
      await once.record(manager, segmentId);
      return { kind: 'reset' };
    });
  }
}
