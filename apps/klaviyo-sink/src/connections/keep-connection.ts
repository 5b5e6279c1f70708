import type { ConnectionChangedV1 } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConnectionStore } from './connection-store';

/** Keeps the sealed credential as it came: it is opened only when a call needs it. */
@Injectable()
export class KeepConnection {
  constructor(private readonly connections: ConnectionStore) {}

  /** False when the state is not newer than the stored one. */
  execute(manager: EntityManager, state: ConnectionChangedV1): Promise<boolean> {
    return this.connections.apply(manager, state);
  }
}
