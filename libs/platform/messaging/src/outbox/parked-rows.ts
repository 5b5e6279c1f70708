import { DataSource } from 'typeorm';
import type { UnpublishedRow } from './sender';

/** Rows that the broker refuses. Each holds up the later rows of its key and no other. */
export class ParkedRows {
  private rows = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** How many there were at the last look. */
  get number(): number {
    return this.rows;
  }

  async count(): Promise<void> {
    const rows: { parked: number }[] = await this.dataSource.query(
      'SELECT count(*)::int AS parked FROM outbox WHERE parked_at IS NOT NULL',
    );
    this.rows = rows[0]?.parked ?? 0;
  }

  /** The row that was parked or tried longest ago comes first. A key has one parked row, its oldest. */
  toTryAgain(rowsMax: number): Promise<UnpublishedRow[]> {
    return this.dataSource.query(
      'SELECT id, topic, key, headers, value FROM outbox WHERE parked_at IS NOT NULL ORDER BY parked_at, id LIMIT $1',
      [rowsMax],
    );
  }

  async park({ id }: UnpublishedRow, reason: string): Promise<void> {
    await this.dataSource.query('UPDATE outbox SET parked_at = clock_timestamp(), parked_reason = $2 WHERE id = $1', [
      id,
      reason,
    ]);
  }
}
