import { type Attention, type ConnectionCheckedV1, connectionCheckedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import type { Lease } from '@courier/persistence';
import { inSpan } from '@courier/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { isPassing, type Answer, type Credential, type KlaviyoAccountRef, type KlaviyoApi } from '../klaviyo';
import {
  accountChanged,
  attentionFor,
  klaviyoUnreachable,
  missingScope,
  requiredScopes,
  sealedCredentialUnusable,
} from './attention';
import {
  assertWanted,
  backoffMs,
  KlaviyoSessions,
  LeasedWrites,
  pause,
  Quota,
  type KlaviyoSession,
  type QuotaBucket,
} from '../accounts';
import type { CheckResult, SinkConnection } from './connection';
import { CLOCK } from '../clock';
import { ConnectionStore } from './connection-store';
import { CredentialOpener } from './credential-opener';
import { Settings } from '../settings';
import { TellWaiting } from './tell-waiting';

/** Somebody waits for the check, so it gives up before a delivery would. */
const TRIES_MAX = 4;

interface Probe {
  bucket: QuotaBucket;
  /** What the call needs; all of it counts as found when the call is let through. */
  scopes: readonly string[];
  send: (api: KlaviyoApi, credential: Credential) => Promise<Answer<unknown>>;
}

const probes: readonly Probe[] = [
  { bucket: 'lists', scopes: ['lists:read'], send: (api, credential) => api.getLists(credential, { limit: 10, cursor: null }) },
  { bucket: 'profiles', scopes: ['profiles:read'], send: (api, credential) => api.probeProfiles(credential) },
  { bucket: 'imports', scopes: ['lists:write', 'profiles:write'], send: (api, credential) => api.probeImport(credential) },
];

/** Klaviyo has no way to ask which scopes a key has, so each is tried by a call that changes nothing. */
@Injectable()
export class CheckConnection {
  private readonly logger = new Logger(CheckConnection.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly credentials: CredentialOpener,
    private readonly sessions: KlaviyoSessions,
    private readonly quota: Quota,
    private readonly writes: LeasedWrites,
    private readonly outbox: Outbox,
    private readonly waiting: TellWaiting,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws AppError `abandoned` when `stop` aborts: a check that was cut off says nothing about the connection. */
  async execute(connectionId: string, lease: Lease, stop: AbortSignal): Promise<void> {
    const connection = await this.connections.find(connectionId);
    if (connection === null || connection.removed || connection.credential === null) return;
    const credentialVersion = connection.credential.version;
    const options = { attributes: { 'courier.connection.id': connectionId }, parent: connection.traceparent };
    await inSpan('check connection', options, async () => {
      const result = await this.check(connection, (accountKey) => this.sessions.open(accountKey, lease, stop));
      await this.record(lease, connection, credentialVersion, result);
    });
  }

  private async check(connection: SinkConnection, open: (accountKey: string) => KlaviyoSession): Promise<CheckResult> {
    const { connectionId, credential: sealed } = connection;
    const credential = sealed === null ? null : await this.credentials.open({ connectionId, ...sealed });
    if (credential === null) return failed(connection.account, sealedCredentialUnusable);
    const session = open(connection.account?.id ?? connectionId);
    const answer = await this.persistently(session, 'accounts', (api) => api.getAccount(credential));
    // Once the account is known, its own quota is drawn on.
    if (answer.kind === 'ok') return this.probeScopes(open(answer.value.id), credential, { connection, account: answer.value });
    if (answer.kind !== 'refused') return failed(connection.account, klaviyoUnreachable);
    if (answer.problem.code !== 'missing_scope') return failed(connection.account, attentionFor(answer.problem));
    return this.probeScopes(session, credential, { connection, account: null });
  }

  private async probeScopes(
    session: KlaviyoSession,
    credential: Credential,
    { connection, account }: { connection: SinkConnection; account: KlaviyoAccountRef | null },
  ): Promise<CheckResult> {
    if (account !== null) {
      if (connection.account === null) await this.quota.debit(account.id, 'accounts');
      else if (connection.account.id !== account.id) return failed(connection.account, accountChanged);
    }
    const missing = new Set<string>(account === null ? ['accounts:read'] : []);
    for (const probe of probes) {
      const answer = await this.persistently(session, probe.bucket, (api) => probe.send(api, credential));
      if (isPassing(answer)) return failed(account, klaviyoUnreachable);
      if (answer.kind !== 'refused') continue;
      if (answer.problem.code !== 'missing_scope') return failed(account, attentionFor(answer.problem));
      const named = answer.problem.scopes.length > 0 ? answer.problem.scopes : probe.scopes;
      for (const scope of named) missing.add(scope);
    }
    const scopes = { found: requiredScopes.filter((scope) => !missing.has(scope)), missing: [...missing].sort() };
    return { account, scopes, problem: missing.size === 0 ? null : missingScope(scopes.missing) };
  }

  private async persistently<T>(
    session: KlaviyoSession,
    bucket: QuotaBucket,
    send: (api: KlaviyoApi) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    const triesMax = Math.min(TRIES_MAX, this.settings.triesMax);
    for (let tries = 1; ; tries += 1) {
      const answer = await session.read(bucket, send);
      if (!isPassing(answer)) return answer;
      assertWanted(session.ended);
      if (tries >= triesMax) return answer;
      // After a 429 the quota itself holds the next call back.
      if (answer.kind !== 'throttled') await pause(backoffMs(tries, this.settings.backoff), session.ended);
    }
  }

  private async record(lease: Lease, connection: SinkConnection, credentialVersion: number, result: CheckResult): Promise<void> {
    const { connections, outbox, waiting, writes } = this;
    const { connectionId, verificationId } = connection;
    await writes.write(lease, async (manager) => {
      const stillAway = result.problem === klaviyoUnreachable;
      const recheckAfterMs = stillAway ? backoffMs(connection.rechecks + 1, this.settings.recheck) : null;
      const record = { connectionId, credentialVersion, verificationId, result, recheckAfterMs };
      if (!(await connections.recordCheck(manager, record))) return;
      // Told when it began, and nobody asked since.
      if (stillAway && connection.rechecks > 0 && verificationId === null) return;
      const told: ConnectionCheckedV1 = {
        connectionId,
        verificationId,
        credentialVersion,
        result: result.problem === null ? 'ok' : 'failed',
        account: result.account,
        scopes: result.scopes,
        problem: result.problem,
        checkedAt: this.clock.now().toISOString(),
      };
      await outbox.append(manager, connectionCheckedV1, told);
      const facts = { connectionId, verificationId, accountId: result.account?.id };
      if (result.problem === null) this.logger.log('Klaviyo takes the connection', facts);
      else this.logger.warn('The connection does not work', { ...facts, code: result.problem.code });
      if (result.problem === null) await waiting.ended(manager, connectionId);
      else await waiting.begun(manager, connectionId);
    });
  }
}

function failed(account: KlaviyoAccountRef | null, problem: Attention): CheckResult {
  return { account, scopes: { found: [], missing: [] }, problem };
}
