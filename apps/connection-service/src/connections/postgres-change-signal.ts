import { Notifications } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { ChangeSignal } from './change-signal';
import { CONNECTIONS_CHANNEL } from './channels';

@Injectable()
export class PostgresChangeSignal extends ChangeSignal {
  constructor(private readonly notifications: Notifications) {
    super();
  }

  listen(listener: () => void): Promise<() => void> {
    return this.notifications.listen(CONNECTIONS_CHANNEL, listener);
  }
}
