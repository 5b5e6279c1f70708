import { type BatchRequestedV1, batchRequestedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import type { ReplayEffect, ReplayQuestion } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { decideAgain, isTooOld } from './batch-again';
import { BatchObjects } from './batch-objects';
import { CLOCK } from '../clock';
import { type BatchStanding, ReplayedRuns } from '../replays';
import { Settings } from '../settings';

/** What is taken in as one more delivery, whatever comes of it at its turn. */
const takesATurn: readonly ReplayEffect['verdict'][] = ['sends', 'stopped', 'superseded'];

/** What RequestDelivery would do with the batches of a rewind, and the deliveries with what it makes of them; told by run. Changes nothing. */
@Injectable()
export class ForeseeReplay {
  constructor(
    private readonly replayedRuns: ReplayedRuns,
    private readonly objects: BatchObjects,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(manager: EntityManager, { records, unfinishedOnly }: ReplayQuestion): Promise<ReplayEffect[]> {
    const batches = records.filter(({ type }) => type === batchRequestedV1.type).map(({ data }) => data as BatchRequestedV1);
    const others = records.length - batches.length;
    const standings = await this.replayedRuns.standings(
      manager,
      batches.map(({ batchId }) => batchId),
    );
    const known = new Map(standings.map((standing) => [standing.batchId, standing]));
    const effects = new Map<string, ReplayEffect>();
    const sentTo = new Map<string, string[]>();
    for (const batch of batches) {
      const list = `${batch.connectionId} ${batch.listId}`;
      const ahead = sentTo.get(list) ?? [];
      const standing = known.get(batch.batchId) ?? null;
      const behindAnotherRun = ahead.some((runId) => runId !== batch.runId);
      const verdict = await this.verdictOn(batch, standing, { unfinishedOnly, behindAnotherRun });
      const joins = standing !== null && takesATurn.includes(verdict) && !ahead.includes(batch.runId);
      if (joins) sentTo.set(list, [...ahead, batch.runId]);
      const key = `${batch.runId} ${verdict}`;
      const { exportId, runId } = batch;
      const { records: before } = effects.get(key) ?? { records: 0 };
      effects.set(key, { verdict, exportId, runId, records: before + 1, detail: null });
    }
    const stops = { verdict: 'ignored' as const, exportId: null, runId: null, records: others, detail: 'a run was stopped' };
    return [...effects.values(), ...(others === 0 ? [] : [stops])];
  }

  private async verdictOn(
    batch: BatchRequestedV1,
    standing: BatchStanding | null,
    { unfinishedOnly, behindAnotherRun }: { unfinishedOnly: boolean; behindAnotherRun: boolean },
  ): Promise<ReplayEffect['verdict']> {
    const again = standing === null ? 'send' : decideAgain({ newest: standing, unfinishedOnly, behindAnotherRun });
    if (again === 'continue') return 'continues';
    if (again === 'keep') return 'kept';
    if (isTooOld(batch, this.clock.now(), this.settings.stagedForMs) || !(await this.objects.isStaged(batch.object)))
      return 'expired';
    if (standing?.stopped) return 'stopped';
    return standing?.superseded || (unfinishedOnly && standing?.takenUp) ? 'superseded' : 'sends';
  }
}
