import type { ConnectionChangedV1 } from '@courier/contracts';
import { notify } from '@courier/persistence';
import { currentTraceparent } from '@courier/telemetry';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { SinkConnection } from './connection';
import { type CheckRecord, ConnectionStore, type WaitingRun } from './connection-store';
import { CHECKS_CHANNEL, DELIVERIES_CHANNEL } from '../channels';
import { change, select, update } from '../sql';

interface ConnectionRow {
  connection_id: string;
  removed: boolean;
  access: SinkConnection['access'];
  credential_version: number | null;
  sealed: string | null;
  verification_id: string | null;
  account_id: string | null;
  account_name: string | null;
  standing: SinkConnection['standing'];
  rechecks: number;
  traceparent: string | null;
}

interface WaitingRow {
  run_id: string;
  export_id: string;
  connection_id: string;
  waiting_since: Date | null;
  epoch: number;
  traceparent: string | null;
}

const STANDS_BADLY = `EXISTS (SELECT 1 FROM connections c WHERE c.connection_id = $1 AND c.standing = 'failed' AND NOT c.removed)`;
const WAITING = 'run_id, export_id, connection_id, waiting_since, traceparent';
const WAITING_AGAIN = 'again.epoch, again.run_id, again.export_id, connection_id, again.waiting_since, traceparent';

const OPEN_VERIFICATION = 'verification_id IS NOT NULL AND verification_id IS DISTINCT FROM answered_verification_id';

@Injectable()
export class PostgresConnectionStore extends ConnectionStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async apply(manager: EntityManager, state: ConnectionChangedV1): Promise<boolean> {
    const removed = state.state === 'removed';
    const rows = await select(
      manager,
      `INSERT INTO connections AS kept (connection_id, version, removed, credential_version, sealed, verification_id, access,
         traceparent)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (connection_id) DO UPDATE
         SET version = excluded.version, removed = kept.removed OR excluded.removed, credential_version = excluded.credential_version,
             sealed = CASE WHEN kept.removed THEN NULL ELSE excluded.sealed END,
             verification_id = excluded.verification_id, access = excluded.access,
             traceparent = excluded.traceparent, updated_at = now()
         WHERE kept.version < excluded.version
       RETURNING 1`,
      [
        state.connectionId,
        state.version,
        removed,
        removed ? null : (state.credential?.version ?? null),
        removed ? null : (state.credential?.sealed ?? null),
        removed ? null : (state.verification?.id ?? null),
        state.access,
        currentTraceparent(),
      ],
    );
    if (rows.length === 0) return false;
    await notify(manager, CHECKS_CHANNEL);
    await notify(manager, DELIVERIES_CHANNEL);
    return true;
  }

  async find(connectionId: string): Promise<SinkConnection | null> {
    const [row] = await select<ConnectionRow>(
      this.dataSource.manager,
      `SELECT connection_id, removed, access, credential_version, sealed, account_id, account_name, standing, rechecks, traceparent,
         CASE WHEN ${OPEN_VERIFICATION} THEN verification_id END AS verification_id
       FROM connections WHERE connection_id = $1`,
      [connectionId],
    );
    return row === undefined ? null : toConnection(row);
  }

  async findDueForCheck(limit: number): Promise<string[]> {
    const rows = await select<{ connection_id: string }>(
      this.dataSource.manager,
      `SELECT connection_id FROM connections
       WHERE NOT removed AND sealed IS NOT NULL
         AND ((${OPEN_VERIFICATION}) OR checked_credential_version IS DISTINCT FROM credential_version OR recheck_at <= now())
       ORDER BY updated_at LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.connection_id);
  }

  async recordCheck(manager: EntityManager, record: CheckRecord): Promise<boolean> {
    const { connectionId, credentialVersion, recheckAfterMs, result, verificationId } = record;
    const changed = await change(
      manager,
      `UPDATE connections
       SET standing = $3, checked_credential_version = credential_version,
           answered_verification_id = coalesce($4, answered_verification_id),
           account_id = coalesce(account_id, $5), account_name = coalesce($6, account_name),
           recheck_at = now() + $7::int * interval '1 millisecond',
           rechecks = CASE WHEN $7::int IS NULL THEN 0 ELSE rechecks + 1 END,
           updated_at = now()
       WHERE connection_id = $1 AND credential_version = $2 AND NOT removed
         AND (account_id IS NULL OR $5::text IS NULL OR account_id = $5)
         AND (CASE WHEN ${OPEN_VERIFICATION} THEN verification_id END) IS NOT DISTINCT FROM $4::uuid`,
      [
        connectionId,
        credentialVersion,
        result.problem === null ? 'ok' : 'failed',
        verificationId,
        result.account?.id ?? null,
        result.account?.name ?? null,
        recheckAfterMs,
      ],
    );
    await notify(manager, changed > 0 ? DELIVERIES_CHANNEL : CHECKS_CHANNEL);
    return changed > 0;
  }

  async recordRefusal(manager: EntityManager, connectionId: string, credentialVersion: number): Promise<boolean> {
    const changed = await change(
      manager,
      `UPDATE connections SET standing = 'failed', updated_at = now()
       WHERE connection_id = $1 AND credential_version = $2 AND standing = 'ok' AND NOT removed`,
      [connectionId, credentialVersion],
    );
    return changed > 0;
  }

  async startWaiting(manager: EntityManager, connectionId: string): Promise<WaitingRun[]> {
    const first = await update<WaitingRow>(
      manager,
      `UPDATE runs SET waiting_since = now()
       WHERE connection_id = $1 AND waiting_since IS NULL AND stop_reason IS NULL AND ${STANDS_BADLY}
         AND EXISTS (SELECT 1 FROM deliveries d WHERE d.run_id = runs.run_id AND d.epoch = 0 AND d.state = 'open')
       RETURNING 0 AS epoch, ${WAITING}`,
      [connectionId],
    );
    const again = await update<WaitingRow>(
      manager,
      `UPDATE replayed_runs again SET waiting_since = now() FROM runs
       WHERE runs.run_id = again.run_id AND connection_id = $1 AND again.waiting_since IS NULL AND again.stop_reason IS NULL
         AND ${STANDS_BADLY}
         AND EXISTS (SELECT 1 FROM deliveries d WHERE d.run_id = again.run_id AND d.epoch = again.epoch AND d.state = 'open')
       RETURNING ${WAITING_AGAIN}`,
      [connectionId],
    );
    return [...first, ...again].map(toWaitingRun);
  }

  async endWaiting(manager: EntityManager, connectionId: string): Promise<WaitingRun[]> {
    const first = await update<WaitingRow>(
      manager,
      `UPDATE runs SET waiting_since = NULL WHERE connection_id = $1 AND waiting_since IS NOT NULL RETURNING 0 AS epoch, ${WAITING}`,
      [connectionId],
    );
    const again = await update<WaitingRow>(
      manager,
      `UPDATE replayed_runs again SET waiting_since = NULL FROM runs
       WHERE runs.run_id = again.run_id AND connection_id = $1 AND again.waiting_since IS NOT NULL RETURNING ${WAITING_AGAIN}`,
      [connectionId],
    );
    return [...first, ...again].map(toWaitingRun);
  }
}

function toConnection(row: ConnectionRow): SinkConnection {
  const { credential_version: version, sealed, account_id: accountId } = row;
  return {
    connectionId: row.connection_id,
    removed: row.removed,
    access: row.access,
    credential: version === null || sealed === null ? null : { version, sealed },
    verificationId: row.verification_id,
    account: accountId === null ? null : { id: accountId, name: row.account_name ?? accountId },
    standing: row.standing,
    rechecks: row.rechecks,
    traceparent: row.traceparent,
  };
}

function toWaitingRun(row: WaitingRow): WaitingRun {
  const { run_id: runId, export_id: exportId, connection_id: connectionId, waiting_since: since, epoch, traceparent } = row;
  return { runId, exportId, connectionId, since, epoch, traceparent };
}
