import { runSql } from '@courier/testing';
import type { Replayer } from './replay-stack';

/** A copy of a service's database as it stands, to come back to later. The service must not run, neither now nor then. */
export class DatabaseDump {
  private readonly name: string;

  constructor(
    private readonly adminUrl: string,
    service: Replayer,
  ) {
    this.name = service.replaceAll('-', '_');
  }

  take(): Promise<void> {
    return runSql(this.adminUrl, `CREATE DATABASE ${this.name}_dump TEMPLATE ${this.name} OWNER ${this.name}`);
  }

  async restore(): Promise<void> {
    await runSql(this.adminUrl, `DROP DATABASE ${this.name} WITH (FORCE)`);
    await runSql(this.adminUrl, `CREATE DATABASE ${this.name} TEMPLATE ${this.name}_dump OWNER ${this.name}`);
  }
}
