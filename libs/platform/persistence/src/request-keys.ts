import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { WorkLoop } from './work-loop';

/** A request that may be repeated: who asks for what under which key, and what it says. Digests only. */
export interface KeyedRequest {
  id: string;
  /** Of the body, by the ids of the secrets that they were made with. */
  fingerprints: Record<string, string>;
}

export interface AnsweredRequest extends KeyedRequest {
  /** The id of what the answer shows; the answer itself is not kept. */
  reference: string;
  /** Null when nobody knows whether the answer was sent. */
  status: number | null;
}

const KEPT = `interval '24 hours'`;
const SWEEP_EVERY_MS = 3_600_000;

/** The Idempotency-Keys of the last 24 hours. */
@Injectable()
export class RequestKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RequestKeys.name);
  private readonly sweeper = new WorkLoop({
    name: 'sweep request keys',
    pollMs: SWEEP_EVERY_MS,
    work: () => this.sweep().then(() => 'idle'),
    onError: (error) => this.logger.error('Old request keys could not be swept', { err: error }),
  });

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.sweeper.stop();
  }

  async find(id: string): Promise<AnsweredRequest | null> {
    const rows: AnsweredRequest[] = await this.dataSource.query(
      // An instance of a version before writes the pair alone, also over a row that has all.
      `SELECT id, CASE WHEN fingerprints ->> secret_id = fingerprint THEN fingerprints
         ELSE jsonb_build_object(secret_id, fingerprint) END AS fingerprints, reference, status FROM request_keys
       WHERE id = $1 AND created_at > now() - ${KEPT}`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** False when another transaction has put the key first; waits for one that is about to. */
  async insert(manager: EntityManager, request: KeyedRequest, reference: string): Promise<boolean> {
    // The first alone is for instances of a version before, which run beside this one for a while.
    const [[secretId, fingerprint] = ['', '']] = Object.entries(request.fingerprints);
    const rows: unknown[] = await manager.query(
      `INSERT INTO request_keys AS kept (id, secret_id, fingerprint, fingerprints, reference) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE
         SET secret_id = excluded.secret_id, fingerprint = excluded.fingerprint, fingerprints = excluded.fingerprints,
             reference = excluded.reference, status = NULL, created_at = now()
         WHERE kept.created_at <= now() - ${KEPT}
       RETURNING id`,
      [request.id, secretId, fingerprint, JSON.stringify(request.fingerprints), reference],
    );
    return rows.length === 1;
  }

  async keepStatus(id: string, status: number): Promise<void> {
    await this.dataSource.query('UPDATE request_keys SET status = $2 WHERE id = $1 AND status IS NULL', [id, status]);
  }

  async sweep(): Promise<void> {
    await this.dataSource.query(`DELETE FROM request_keys WHERE created_at <= now() - ${KEPT}`);
  }
}
