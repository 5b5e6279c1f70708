import { Injectable } from '@nestjs/common';
import type { Connection } from './connection';
import { type ConnectionPage, ConnectionStore } from './connection-store';

@Injectable()
export class ListConnections {
  constructor(private readonly connections: ConnectionStore) {}

  /** Up to `limit + 1` connections, newest first. */
  execute(page: ConnectionPage): Promise<Connection[]> {
    return this.connections.findPage(page);
  }
}
