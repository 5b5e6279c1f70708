import { topics } from '@courier/contracts';
import { Replays } from '@courier/messaging';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { staleness } from '../domain/replay';
import type { RunRecord } from '../domain/run';
import { RunStore } from '../ports/run-store';

export type ReplayTurn =
  | { kind: 'ready' }
  | { kind: 'wait'; reason: 'replay_range_reading'; until: null }
  | { kind: 'skip'; code: 'stale_snapshot'; detail: string };

/** Holds a replay until its range was read to the end, and keeps it from bringing old values back. */
@Injectable()
export class HoldReplay {
  constructor(
    private readonly replays: Replays,
    private readonly runs: RunStore,
  ) {}

  async execute(manager: EntityManager, run: RunRecord): Promise<ReplayTurn> {
    const { replay } = run;
    if (replay === null) return { kind: 'ready' };
    const isRead = replay.epoch === 0 || (await this.replays.isRead(manager, topics.segmentRefreshes.name, replay.epoch));
    if (!isRead) return { kind: 'wait', reason: 'replay_range_reading', until: null };
    const stale = replay.force ? null : staleness(run, await this.runs.deliveredSequences(manager, run.exportId, run.id));
    return stale === null ? { kind: 'ready' } : { kind: 'skip', code: 'stale_snapshot', detail: stale };
  }
}
