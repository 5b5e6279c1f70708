import { AppError } from '@courier/kernel';
import { durations } from '@courier/telemetry';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { countingStarts, nextStartMs, type QuotaBucket, quotaWindows } from './quota';
import { Quota, type Turn, type TurnWait } from './quota-store';
import { Settings } from '../settings';
import { serviceName } from '../service-name';
import { assertWanted } from './abandoned';
import { pause } from './pause';
import { change, select } from '../sql';

const quotaWait = durations(serviceName, 'courier.klaviyo.quota.wait', 'How long calls waited for their turn, by endpoint');

interface QuotaRow {
  starts: number[];
  blocked_until: number;
  now_ms: number;
}

interface NextStart {
  counting: number[];
  start: number;
  waitMs: number;
}

interface Reservation {
  start: number;
  waitMs: number;
  /** False when the start is too far off. */
  debited: boolean;
}

/**
 * One row per account and endpoint, locked for a moment by each reservation: whoever calls for the account, in whatever process,
 * debits the same quota, and a new owner of the account begins where the last one stopped.
 */
@Injectable()
export class PostgresQuota extends Quota {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {
    super();
  }

  async turn(accountKey: string, bucket: QuotaBucket, wait: TurnWait): Promise<Turn> {
    const startedMs = performance.now();
    const turn = await this.waitForTurn(accountKey, bucket, wait);
    quotaWait.record((performance.now() - startedMs) / 1_000, {
      'courier.klaviyo.quota.bucket': bucket,
      'courier.klaviyo.quota.turn': turn.kind,
    });
    return turn;
  }

  private async waitForTurn(accountKey: string, bucket: QuotaBucket, { signal, maxMs = Infinity }: TurnWait): Promise<Turn> {
    const deadlineMs = performance.now() + maxMs;
    let given: number | null = null;
    for (;;) {
      assertWanted(signal);
      const { start, waitMs, debited } = await this.reserve(accountKey, bucket, {
        maxMs: deadlineMs - performance.now(),
        givenBack: given,
      });
      if (!debited) return { kind: 'far_off', afterMs: waitMs };
      if (waitMs <= 0) return { kind: 'come' };
      await pause(waitMs, signal);
      assertWanted(signal);
      // Klaviyo may have throttled another call during the pause.
      if (!(await this.isBlocked(accountKey, bucket))) return { kind: 'come' };
      given = start;
    }
  }

  async waitMs(accountKey: string, bucket: QuotaBucket): Promise<number> {
    const next = await this.next(this.dataSource.manager, accountKey, bucket);
    return next?.waitMs ?? 0;
  }

  async debit(accountKey: string, bucket: QuotaBucket): Promise<void> {
    await this.reserve(accountKey, bucket, { maxMs: Infinity, givenBack: null });
  }

  async block(accountKey: string, bucket: QuotaBucket, forMs: number): Promise<void> {
    await change(
      this.dataSource.manager,
      `UPDATE quotas SET blocked_until = greatest(blocked_until, extract(epoch FROM clock_timestamp()) * 1000 + $3)
       WHERE account_key = $1 AND bucket = $2`,
      [accountKey, bucket, forMs],
    );
  }

  private async isBlocked(accountKey: string, bucket: QuotaBucket): Promise<boolean> {
    const rows = await select(
      this.dataSource.manager,
      `SELECT 1 FROM quotas
       WHERE account_key = $1 AND bucket = $2 AND blocked_until > extract(epoch FROM clock_timestamp()) * 1000`,
      [accountKey, bucket],
    );
    return rows.length > 0;
  }

  /** The earliest start, debited unless it is further off than `maxMs`. `givenBack` is a start that came to nothing. */
  private reserve(
    accountKey: string,
    bucket: QuotaBucket,
    { maxMs, givenBack }: { maxMs: number; givenBack: number | null },
  ): Promise<Reservation> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('INSERT INTO quotas (account_key, bucket) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        accountKey,
        bucket,
      ]);
      await manager.query('SELECT 1 FROM quotas WHERE account_key = $1 AND bucket = $2 FOR UPDATE', [accountKey, bucket]);
      const next = await this.next(manager, accountKey, bucket, givenBack);
      if (next === null) throw new AppError('quota_missing', 'a quota row vanished');
      const { counting, start, waitMs } = next;
      const debited = waitMs <= Math.max(0, maxMs);
      await change(manager, 'UPDATE quotas SET starts = $3 WHERE account_key = $1 AND bucket = $2', [
        accountKey,
        bucket,
        debited ? [...counting, start] : counting,
      ]);
      return { start, waitMs, debited };
    });
  }

  /** Null for an account that has made no such call yet. */
  private async next(
    manager: EntityManager,
    accountKey: string,
    bucket: QuotaBucket,
    givenBack: number | null = null,
  ): Promise<NextStart | null> {
    const [row] = await select<QuotaRow>(
      manager,
      `SELECT starts, blocked_until, (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS now_ms
       FROM quotas WHERE account_key = $1 AND bucket = $2`,
      [accountKey, bucket],
    );
    if (row === undefined) return null;
    const counting = countingStarts(row.starts, row.now_ms).filter((start) => start !== givenBack);
    const earliest = Math.max(row.now_ms, row.blocked_until);
    const start = nextStartMs(counting, earliest, quotaWindows(bucket, this.settings.quotaShare));
    return { counting, start, waitMs: start - row.now_ms };
  }
}
