import { connectionChangedV1, topics } from '@courier/contracts';
import { type Incoming, IntakeContext, type Verdict, verdict } from '@courier/messaging';
import { notify } from '@courier/persistence';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { KnownConnection } from '../../domain/export';
import { ConnectionStore } from '../../ports/connection-store';
import { RUNS_CHANNEL } from '../../use-cases/change-run';
import { LeaveConnection } from '../../use-cases/leave-connection';
import { TellAlerts } from '../../use-cases/tell-alerts';

@Controller()
export class ConnectionsConsumer {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly leaveConnection: LeaveConnection,
    private readonly alerts: TellAlerts,
  ) {}

  @EventPattern<string>(topics.connections.name)
  async handle(@Payload() { data }: Incoming<typeof connectionChangedV1>, @Ctx() { manager }: IntakeContext): Promise<Verdict> {
    const connection: KnownConnection = {
      id: data.connectionId,
      version: data.version,
      state: data.state,
      displayName: data.displayName,
      access: data.access,
      profileLimit: data.profileLimit,
      accountId: data.account?.id ?? null,
    };
    if (!(await this.connections.apply(manager, connection))) return verdict.skip('older_version');
    if (data.state === 'removed') await this.leaveConnection.execute(manager, data.connectionId, data.exports ?? 'detach');
    await this.alerts.ofConnection(manager, connection, data.attention);
    // A run may have waited for this connection.
    await notify(manager, RUNS_CHANNEL);
    return verdict.done();
  }
}
