import type { ReplayAborted } from '@courier/messaging';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { runReason } from '../domain/run-reasons';
import { RunStore } from '../ports/run-store';
import { ChangeRun } from './change-run';

/** A replay was ended by an administrator: its runs that have not begun never will. */
@Injectable()
export class CancelReplay {
  constructor(
    private readonly runs: RunStore,
    private readonly changeRun: ChangeRun,
  ) {}

  async execute(manager: EntityManager, { epoch, actor, reason: why }: ReplayAborted): Promise<void> {
    const reason = runReason('replay_aborted', `${actor} ended the replay: ${why}`);
    for (const run of await this.runs.findQueuedReplays(manager, { epoch })) {
      await this.changeRun.execute(manager, run, { status: 'canceled', reason });
    }
  }
}
