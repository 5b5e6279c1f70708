import { type Attention, connectionCheckedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import type { Lease } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sealedCredentialUnusable } from './attention';
import { CLOCK } from '../clock';
import { ConnectionStore } from './connection-store';
import { CredentialOpener } from './credential-opener';
import type { Credential } from '../klaviyo';
import { LeasedWrites } from '../accounts';
import { TellWaiting } from './tell-waiting';

export interface OpenedCredential extends Credential {
  connectionId: string;
  version: number;
}

/** Opens a connection's key for the next calls, and takes note when Klaviyo refuses it in the middle of a delivery. */
@Injectable()
export class UseCredential {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly credentials: CredentialOpener,
    private readonly writes: LeasedWrites,
    private readonly outbox: Outbox,
    private readonly waiting: TellWaiting,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Null when there is none that opens; the connection needs attention then. */
  async open(connectionId: string, lease: Lease): Promise<OpenedCredential | null> {
    const connection = await this.connections.find(connectionId);
    const sealed = connection?.credential ?? null;
    if (sealed === null) return null;
    const credential = await this.credentials.open({ connectionId, ...sealed });
    if (credential !== null) return { ...credential, connectionId, version: sealed.version };
    await this.writes.write(lease, (manager) =>
      this.refuse(manager, { connectionId, version: sealed.version }, sealedCredentialUnusable),
    );
    return null;
  }

  /** Its batches wait from now on, until a check is ok again. Told once per change. */
  async refuse(manager: EntityManager, used: { connectionId: string; version: number }, problem: Attention): Promise<void> {
    const { connectionId, version } = used;
    if (!(await this.connections.recordRefusal(manager, connectionId, version))) return;
    await this.outbox.append(manager, connectionCheckedV1, {
      connectionId,
      verificationId: null,
      credentialVersion: version,
      result: 'failed',
      account: null,
      scopes: { found: [], missing: [] },
      problem,
      checkedAt: this.clock.now().toISOString(),
    });
    await this.waiting.begun(manager, connectionId);
  }
}
