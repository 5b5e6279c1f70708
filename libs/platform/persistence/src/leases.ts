import { AppError, newId } from '@courier/kernel';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface LeaseOptions {
  /** How long the lease lasts without a renewal. */
  ttlMs: number;
  /** How much longer a successor waits after expiry, so that a call begun under the lease has ended by then. */
  graceMs?: number;
}

/**
 * The right to do one piece of work, for a while. Time is PostgreSQL's for the row and this process's own monotonic clock for
 * `remainingMs`, counted from before the request was sent, so that the holder gives up earlier than anybody may take over.
 */
export class Lease {
  private readonly abort = new AbortController();
  private renewal: Promise<boolean> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    readonly name: string,
    /** Fencing token: grows with every new holder. */
    readonly token: string,
    private readonly ttlMs: number,
    private validUntilMs: number,
  ) {}

  /** Aborted once the lease is known to be lost. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  remainingMs(): number {
    return this.abort.signal.aborted ? 0 : Math.max(0, this.validUntilMs - performance.now());
  }

  /** False when somebody else holds it by now. One that PostgreSQL does not answer holds up one connection, not one for each try. */
  renew(): Promise<boolean> {
    this.renewal ??= this.tryToRenew().finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async tryToRenew(): Promise<boolean> {
    const startedMs = performance.now();
    const rows = await updated(
      this.dataSource.manager,
      `UPDATE leases SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp() RETURNING token`,
      [this.name, this.token, this.ttlMs],
    );
    if (rows === 0) {
      this.lose();
      return false;
    }
    this.validUntilMs = startedMs + this.ttlMs;
    return true;
  }

  /** Lets the next holder in at once, without the grace. Only for a holder whose calls have all ended. */
  async release(): Promise<void> {
    this.lose();
    await this.dataSource.query(`UPDATE leases SET expires_at = '-infinity' WHERE name = $1 AND token = $2`, [
      this.name,
      this.token,
    ]);
  }

  /**
   * Binds the transaction to the lease: its row stays locked until the end, so no successor can take over in between.
   * @throws AppError `lease_lost` when the token is an old one.
   */
  async assertHeld(manager: EntityManager): Promise<void> {
    const rows: unknown[] = await manager.query('SELECT 1 FROM leases WHERE name = $1 AND token = $2 FOR SHARE', [
      this.name,
      this.token,
    ]);
    if (rows.length === 0) {
      this.lose();
      throw new AppError('lease_lost', `the lease ${this.name} has another holder`, { retryable: true });
    }
  }

  lose(): void {
    this.abort.abort();
  }
}

@Injectable()
export class Leases {
  private readonly owner = newId();

  constructor(private readonly dataSource: DataSource) {}

  /** Null while somebody else holds it, or its grace has not passed. */
  async acquire(name: string, options: LeaseOptions): Promise<Lease | null> {
    const startedMs = performance.now();
    const result: [{ token: string }[], number] | { token: string }[] = await this.dataSource.query(
      `INSERT INTO leases AS held (name, owner, token, expires_at)
       VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE
         SET owner = excluded.owner, token = held.token + 1, expires_at = excluded.expires_at
         WHERE held.expires_at + $4 * interval '1 millisecond' < clock_timestamp()
       RETURNING token`,
      [name, this.owner, options.ttlMs, options.graceMs ?? 0],
    );
    const token = (result as { token: string }[])[0]?.token;
    return token === undefined ? null : new Lease(this.dataSource, name, String(token), options.ttlMs, startedMs + options.ttlMs);
  }

  /** Runs `work` under the lease and renews it meanwhile; null when somebody else holds it. */
  async hold<T>(name: string, options: LeaseOptions, work: (lease: Lease) => Promise<T>): Promise<T | null> {
    const lease = await this.acquire(name, options);
    if (lease === null) return null;
    const timer = setInterval(() => void this.renewQuietly(lease), options.ttlMs / 4);
    try {
      return await work(lease);
    } finally {
      clearInterval(timer);
      // A database that is away frees the lease by expiry; the error of `work` matters more than this one.
      if (!lease.signal.aborted) await lease.release().catch(() => undefined);
    }
  }

  private async renewQuietly(lease: Lease): Promise<void> {
    // An unanswered renewal must not keep the work going for longer than a failed one.
    if (lease.remainingMs() === 0) return lease.lose();
    // The next try comes with the timer, and finds out when it is too late.
    await lease.renew().catch(() => undefined);
  }
}

/** TypeORM answers an UPDATE with [rows, count]. */
async function updated(manager: EntityManager, sql: string, parameters: unknown[]): Promise<number> {
  const [, count]: [unknown[], number] = await manager.query(sql, parameters);
  return count;
}
