import { type Clock, newId } from '@courier/kernel';
import { type Actor, AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { last4Of } from './api-key';
import { createConnection, type Connection, personOf } from './connection';
import { consentText } from './consent';
import { CLOCK } from '../clock';
import { ConnectionStore } from './connection-store';
import { CredentialSealer } from './credential-sealer';
import { Settings } from './settings';

export interface ConnectionRequest {
  displayName: string;
  apiKey: string;
  access: Connection['access'];
  /** The default where none is given. */
  profileLimit?: number | undefined;
}

export type Created = { kind: 'created'; connection: Connection } | { kind: 'profile_limit_too_high'; ceiling: number };

const PROFILE_LIMIT_DEFAULT = 100_000;

@Injectable()
export class CreateConnection {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly sealer: CredentialSealer,
    private readonly settings: Settings,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The API key is plaintext in here and in the request that brought it, nowhere else. */
  async execute({ apiKey, ...request }: ConnectionRequest, by: Actor, once: Once): Promise<Created> {
    const ceiling = this.settings.profileLimitCeiling;
    const profileLimit = request.profileLimit ?? Math.min(PROFILE_LIMIT_DEFAULT, ceiling);
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
}
