import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { ImpatientClient, type ImpatientClientConfig } from './impatient-client';

const RECONNECT_MS = 1_000;
/** Nothing else is ever asked of this connection, so that nobody would notice that it is half-open; an answer that does not come ends it. */
const PROBE_MS = 30_000;

/** Wakes listeners of `channel` when the surrounding transaction commits. */
export async function notify(manager: EntityManager, channel: string): Promise<void> {
  await manager.query(`SELECT pg_notify($1, '')`, [channel]);
}

/**
 * LISTEN on one dedicated connection. A notification is only a hint to look now: one that is sent while the connection is away is
 * lost, so every listener also polls.
 */
@Injectable()
export class Notifications implements OnApplicationShutdown {
  private readonly logger = new Logger(Notifications.name);
  private readonly listeners = new Map<string, Set<() => void>>();
  private client: Client | null = null;
  private connecting: Promise<void> | null = null;
  private probing: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly dataSource: DataSource) {}

  /** Calls `listener` for every notification on `channel`; resolves to the function that ends it. */
  async listen(channel: string, listener: () => void): Promise<() => void> {
    if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`${channel} is no channel name`);
    const known = this.listeners.get(channel);
    const set = known ?? new Set();
    set.add(listener);
    this.listeners.set(channel, set);
    if (this.client === null) await this.connect();
    else if (known === undefined) await this.client.query(`LISTEN ${channel}`);
    return () => set.delete(listener);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.probing);
    await this.client?.end().catch(() => undefined);
    this.client = null;
  }

  private connect(): Promise<void> {
    // A connection that breaks while it is made is heard of twice and asked for twice.
    if (this.client !== null) return Promise.resolve();
    this.connecting ??= this.open().finally(() => (this.connecting = null));
    return this.connecting;
  }

  private async open(): Promise<void> {
    if (this.stopped) return;
    const { extra } = this.dataSource.options as { extra: ImpatientClientConfig };
    const client = new ImpatientClient(extra);
    client.on('notification', ({ channel }) => this.listeners.get(channel)?.forEach((listener) => listener()));
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
      this.client = client;
      this.probing = setInterval(() => void client.query('SELECT 1').catch(() => undefined), PROBE_MS).unref();
      if (this.stopped) await this.onApplicationShutdown();
    } catch {
      this.reconnect(client);
    }
  }

  private reconnect(client: Client): void {
    client.removeAllListeners();
    client.on('error', () => undefined);
    void client.end().catch(() => undefined);
    if (this.client === client) {
      this.client = null;
      clearInterval(this.probing);
    }
    if (this.stopped) return;
    this.logger.warn('The notification connection to PostgreSQL is away; polling goes on');
    setTimeout(() => void this.connect(), RECONNECT_MS).unref();
  }
}
