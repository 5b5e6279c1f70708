import { runReplayedV1, topics } from '@courier/contracts';
import { type Clock, derivedId } from '@courier/kernel';
import { Outbox, Replays } from '@courier/messaging';
import type { Lease } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../clock';
import { LeasedWrites } from '../accounts';
import { ReplayedRuns } from './replayed-runs';

/** Tells how much of each run a replay sends again, as soon as its range was read: before that nobody knows. */
@Injectable()
export class TellReplayedRuns {
  constructor(
    private readonly replayedRuns: ReplayedRuns,
    private readonly replays: Replays,
    private readonly writes: LeasedWrites,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(lease: Lease): Promise<void> {
    for (const epoch of await this.replayedRuns.findUntoldEpochs()) await this.tell(epoch, lease);
  }

  private async tell(epoch: number, lease: Lease): Promise<void> {
    await this.writes.write(lease, async (manager) => {
      // The order counts: whatever belongs to a range that was read is there before the runs are counted.
      if (!(await this.replays.isRead(manager, topics.batches.name, epoch))) return;
      const replay = await this.replays.find(manager, topics.batches.name, epoch);
      const at = this.clock.now().toISOString();
      for (const run of await this.replayedRuns.takeUntold(manager, epoch)) {
        const told = { ...run, actor: replay?.actor ?? null, reason: replay?.reason ?? null, at };
        const id = derivedId('run-replayed', run.runId, epoch, run.batches);
        await this.outbox.append(manager, runReplayedV1, told, { id });
      }
    });
  }
}
