import { Injectable } from '@nestjs/common';
import { mayUse, type View } from './access';
import type { Connection } from './connection';
import { ConnectionStore } from './connection-store';

@Injectable()
export class ShowConnection {
  constructor(private readonly connections: ConnectionStore) {}

  /** Null when there is none, or none that this view may know of: the two must look alike. */
  async execute(id: string, view: View): Promise<Connection | null> {
    const found = await this.connections.find(id);
    return found !== null && found.state !== 'removed' && mayUse(view, found) ? found : null;
  }
}
