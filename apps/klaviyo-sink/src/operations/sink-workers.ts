import { Leases, Notifications } from '@courier/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CheckConnection, ConnectionStore } from '../connections';
import { DeliveryStore } from '../deliveries';
import { Settings } from '../settings';
import { DeliverAccount } from './deliver-account';
import { KlaviyoTransport } from '../klaviyo';
import { CHECKS_CHANNEL, DELIVERIES_CHANNEL } from '../channels';
import { LeasedTasks, type LeasedTasksOptions } from '../accounts';

const POLL_MS = 1_000;
const ACCOUNTS_AT_ONCE_MAX = 50;
const CHECKS_AT_ONCE_MAX = 4;
/** Calls under way at a shutdown get this long; what is cut off then counts as a lost answer. */
const STOP_PATIENCE_MS = 5_000;

/** Looks for accounts with deliveries and for connections to check, whenever one changed and every second. */
@Injectable()
export class SinkWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  readonly deliveries: LeasedTasks;
  readonly checks: LeasedTasks;
  private readonly logger = new Logger(SinkWorkers.name);
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly leases: Leases,
    private readonly notifications: Notifications,
    private readonly transport: KlaviyoTransport,
    private readonly settings: Settings,
    deliveries: DeliveryStore,
    connections: ConnectionStore,
    deliverAccount: DeliverAccount,
    checkConnection: CheckConnection,
  ) {
    this.deliveries = this.tasks({
      name: 'account',
      tasksMax: ACCOUNTS_AT_ONCE_MAX,
      find: () => deliveries.accountsWithWork(settings.jobDeadlineMs),
      run: (account, lease, stop) => deliverAccount.execute(account, lease, stop),
    });
    this.checks = this.tasks({
      name: 'connection-check',
      tasksMax: CHECKS_AT_ONCE_MAX,
      find: () => connections.findDueForCheck(CHECKS_AT_ONCE_MAX * 4),
      run: (connectionId, lease, stop) => checkConnection.execute(connectionId, lease, stop),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = [
      await this.notifications.listen(DELIVERIES_CHANNEL, () => this.deliveries.wake()),
      await this.notifications.listen(CHECKS_CHANNEL, () => this.checks.wake()),
    ];
    this.deliveries.start();
    this.checks.start();
  }

  /** Ends the calls under way, then gives the accounts back; the relay still runs and sends what that told. */
  async onModuleDestroy(): Promise<void> {
    this.stopListening.forEach((stop) => stop());
    const cutOff = setTimeout(() => void this.transport.close(), STOP_PATIENCE_MS);
    await Promise.all([this.checks.stop(), this.deliveries.stop()]);
    clearTimeout(cutOff);
    await this.transport.close();
  }

  private tasks(kind: Pick<LeasedTasksOptions, 'name' | 'tasksMax' | 'find' | 'run'>): LeasedTasks {
    return new LeasedTasks({
      ...kind,
      leases: this.leases,
      leaseTtlMs: this.settings.leaseTtlMs,
      leaseGraceMs: this.settings.callTimeoutMs,
      pollMs: POLL_MS,
      onError: (error, task) => this.logger.error('A piece of work failed and will be taken up again', { key: task, err: error }),
    });
  }
}
