import { type Clock } from '@courier/kernel';
import { AuditTrail } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { type Connection, personOf, removeConnection } from './connection';
import type { KnownExport } from '../exports/known-export';
import { CLOCK } from '../clock';
import { ConnectionStore } from './connection-store';
import { ExportStore } from '../exports/export-store';
import type { EditRequest } from './edit-connection';

type User = Pick<KnownExport, 'id' | 'name'>;

export type RemovedConnection =
  | { kind: 'removed'; exports: User[] }
  | { kind: 'connection_not_found' }
  | { kind: 'version_differs' }
  | { kind: 'connection_in_use'; exports: User[] };

/** An export that was removed or detached a moment ago travels by topic: how long a removal waits for it. */
const USERS_WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;
const USERS_SHOWN_MAX = 100;

/** Removes a connection that nothing uses, or tells its exports what becomes of them. The sealed key is gone from here at once. */
@Injectable()
export class RemoveConnection {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly exports: ExportStore,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(id: string, exports: Connection['exportsOnRemoval'], { by, matches }: EditRequest): Promise<RemovedConnection> {
    const found = await this.connections.find(id);
    if (found === null || found.state === 'removed') return { kind: 'connection_not_found' };
    if (!matches(found.version)) return { kind: 'version_differs' };
    const users = exports === null ? await this.awaitUnused(id) : await this.exports.findUsers(id, USERS_SHOWN_MAX);
    if (exports === null && users.length > 0) return { kind: 'connection_in_use', exports: users };
    return this.connections.transact(async (manager): Promise<RemovedConnection> => {
      const current = await this.connections.findForUpdate(manager, id);
      if (current === null || current.state === 'removed') return { kind: 'connection_not_found' };
      if (!matches(current.version)) return { kind: 'version_differs' };
      await this.connections.update(manager, removeConnection(current, exports, personOf(by), this.clock.now()));
      await this.audit.record(manager, by, {
        action: 'connection.removed',
        aggregate: { type: 'connection', id },
        // What becomes of the exports that used it.
        changes: exports === null ? [] : [{ field: 'exports', to: exports }],
        related: users.map((user) => ({ type: 'export', id: user.id })),
      });
      return { kind: 'removed', exports: users };
    });
  }

  private async awaitUnused(id: string): Promise<User[]> {
    const deadlineMs = performance.now() + USERS_WAIT_MS;
    for (;;) {
      const users = await this.exports.findUsers(id, USERS_SHOWN_MAX);
      if (users.length === 0 || performance.now() > deadlineMs) return users;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
