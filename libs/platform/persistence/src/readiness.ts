import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

@Injectable()
export class DatabaseReadiness {
  readonly name = 'postgresql';
  private asked: Promise<string | null> | null = null;

  constructor(private readonly dataSource: DataSource) {}

  /** Null when a query is answered, else what is wrong. Probes that come while one waits for the answer take no further connection. */
  check(): Promise<string | null> {
    this.asked ??= this.ask().finally(() => (this.asked = null));
    return this.asked;
  }

  private async ask(): Promise<string | null> {
    try {
      await this.dataSource.query('SELECT 1');
      return null;
    } catch {
      return 'PostgreSQL does not answer';
    }
  }
}
