import { type Clock } from '@courier/kernel';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RunRecord } from '../domain/run';
import { type Turn, turnOf } from '../domain/turn';
import { CLOCK } from '../ports/clock';
import { ConnectionStore } from '../ports/connection-store';
import { RefreshStore } from '../ports/refresh-store';
import { Settings } from '../ports/settings';

/** Whether a run may begin, as far as its connection and its workflow job go. */
@Injectable()
export class ChooseTurn {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly refreshes: RefreshStore,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(manager: EntityManager, run: RunRecord): Promise<Turn> {
    const connection = await this.connections.find(manager, run.connectionId);
    const reported = run.awaitedJob ? await this.refreshes.reportedSegments(manager, run.awaitedJob) : [];
    const { dependencyWaitMinutes } = this.settings;
    return turnOf({ run, connection, reported, now: this.clock.now(), dependencyWaitMinutes });
  }
}
