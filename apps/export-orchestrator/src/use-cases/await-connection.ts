import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KnownConnection } from '../domain/export';
import { mayUse } from '../domain/permissions';
import { ConnectionStore } from '../ports/connection-store';

/** A connection made a moment ago travels by topic: how long a request waits for it. */
const CONNECTION_WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;

export type UsableConnection = 'usable' | 'connection_not_found' | 'connection_not_shared';

/** Whether somebody may export through a connection. */
@Injectable()
export class AwaitConnection {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: ConnectionStore,
  ) {}

  async execute(id: string, roles: readonly string[]): Promise<UsableConnection> {
    const connection = await this.find(id);
    if (connection === null || connection.state === 'removed') return 'connection_not_found';
    return mayUse({ roles }, connection) ? 'usable' : 'connection_not_shared';
  }

  private async find(id: string): Promise<KnownConnection | null> {
    const deadlineMs = performance.now() + CONNECTION_WAIT_MS;
    for (;;) {
      const found = await this.connections.find(this.dataSource.manager, id);
      if (found !== null || performance.now() > deadlineMs) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
