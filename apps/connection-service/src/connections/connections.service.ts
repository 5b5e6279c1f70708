import { newId } from '@courier/kernel';
import { type Actor, AuditTrail, changedFields } from '@courier/messaging';
import { DatabaseClock, type Once } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { ExportsRepository, type KnownExport } from '../exports';
import { last4Of } from './api-key';
import {
  type Connection,
  type ConnectionPatch,
  createConnection,
  editConnection,
  personOf,
  profileLimitOf,
  removeConnection,
} from './connection';
import { ConnectionSettings } from './connection-settings';
import { ConnectionsRepository } from './connections.repository';
import { consentText } from './consent';
import { CredentialSealer } from './credential-sealer';

export interface ConnectionRequest {
  displayName: string;
  apiKey: string;
  access: Connection['access'];
  /** The default where none is given. */
  profileLimit?: number | undefined;
}

export interface EditRequest {
  by: Actor;
  /** Whether the caller means this version. */
  matches: (version: number) => boolean;
}

type User = Pick<KnownExport, 'id' | 'name'>;
type NotTheOneMeant = { kind: 'connection_not_found' } | { kind: 'version_differs' };
type LimitTooHigh = { kind: 'profile_limit_too_high'; ceiling: number };

export type CreatedConnection = { kind: 'created'; connection: Connection } | LimitTooHigh;
export type EditedConnection = { kind: 'changed' } | NotTheOneMeant | LimitTooHigh;
export type RemovedConnection =
  { kind: 'removed'; exports: User[] } | NotTheOneMeant | { kind: 'connection_in_use'; exports: User[] };

/** An export that was removed or detached a moment ago travels by topic: how long a removal waits for it. */
const USERS_WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;
const USERS_SHOWN_MAX = 100;

@Injectable()
export class ConnectionsService {
  constructor(
    private readonly connections: ConnectionsRepository,
    private readonly exports: ExportsRepository,
    private readonly sealer: CredentialSealer,
    private readonly settings: ConnectionSettings,
    private readonly audit: AuditTrail,
    private readonly clock: DatabaseClock,
  ) {}

  /** The API key is plaintext in here and in the request that brought it, nowhere else. */
  async create({ apiKey, ...request }: ConnectionRequest, by: Actor, once: Once): Promise<CreatedConnection> {
    const ceiling = this.settings.profileLimitCeiling;
    const profileLimit = profileLimitOf(request.profileLimit, ceiling);
    if (profileLimit > ceiling) return { kind: 'profile_limit_too_high', ceiling };
    const id = newId();
    const version = 1;
    const sealed = await this.sealer.seal({ connectionId: id, version, apiKey });
    const connection = createConnection(
      {
        id,
        displayName: request.displayName,
        access: request.access,
        profileLimit,
        credential: { kind: 'api_key', last4: last4Of(apiKey), version, sealed },
        consentTextVersion: consentText.version,
      },
      personOf(by),
      this.clock.now(),
    );
    await this.connections.transact(async (manager) => {
      await this.connections.insert(manager, connection);
      await this.audit.record(manager, by, { action: 'connection.created', aggregate: { type: 'connection', id } });
      await once.record(manager, id);
    });
    return { kind: 'created', connection };
  }

  async edit(id: string, patch: ConnectionPatch, { by, matches }: EditRequest): Promise<EditedConnection> {
    return this.connections.transact(async (manager): Promise<EditedConnection> => {
      const current = await this.connections.findForUpdate(manager, id);
      if (current === null || current.state === 'removed') return { kind: 'connection_not_found' };
      if (!matches(current.version)) return { kind: 'version_differs' };
      const ceiling = this.settings.profileLimitCeiling;
      if (patch.profileLimit !== undefined && patch.profileLimit > ceiling) return { kind: 'profile_limit_too_high', ceiling };
      const edited = editConnection(current, patch, personOf(by), this.clock.now());
      const changes = changedFields(current, edited, { named: ['displayName'], shown: ['access', 'profileLimit'] });
      // Nothing new to tell, to the readers of the topic or to the audit.
      if (changes.length === 0) return { kind: 'changed' };
      await this.connections.update(manager, edited);
      await this.audit.record(manager, by, { action: 'connection.changed', aggregate: { type: 'connection', id }, changes });
      return { kind: 'changed' };
    });
  }

  /** Removes a connection that nothing uses, or tells its exports what becomes of them. The sealed key is gone from here at once. */
  async remove(id: string, exports: Connection['exportsOnRemoval'], { by, matches }: EditRequest): Promise<RemovedConnection> {
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
