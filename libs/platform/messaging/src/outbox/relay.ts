import { createKafka } from '@courier/kafka';
import { AppError } from '@courier/kernel';
import { type Lease, Leases, Notifications, WakeUp, WorkLoop } from '@courier/persistence';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { kafkaLog } from '../kafka-log';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';
import { OUTBOX_CHANNEL } from './outbox';
import { ParkedRows } from './parked-rows';
import { hopelessReason, isRefusedTopic, OutboxSender, type UnpublishedRow } from './sender';

const LEASE = { ttlMs: 10_000 };
const BATCH_ROWS_MAX = 200;
const POLL_MS = 1_000;
const SWEEP_EVERY_MS = 3_600_000;
const SWEEP_AGAIN_MS = 60_000;
const SWEPT_ROWS_MAX = 10_000;
const TRY_PARKED_EVERY_MS = 60_000;
const TRIED_ROWS_MAX = 50;

/** Sends the outbox to Kafka, in order per key, from one instance of the service at a time. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly sender: OutboxSender;
  private readonly loop: WorkLoop;
  private stopping = false;
  private readonly wakeUp = new WakeUp();
  private leading = false;
  /** Lost the leadership, and has not published the states again since. */
  private overtaken = false;
  private readonly parked: ParkedRows;
  private triedParkedAtMs = Number.NEGATIVE_INFINITY;
  private sweepsAtMs = Number.NEGATIVE_INFINITY;
  private failedSweeps = 0;
  private readonly republishers: ((manager: EntityManager) => Promise<void>)[] = [];

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly dataSource: DataSource,
    private readonly leases: Leases,
    private readonly notifications: Notifications,
  ) {
    this.parked = new ParkedRows(dataSource);
    this.sender = new OutboxSender(createKafka(options.kafka, `${options.service}-relay`, { log: kafkaLog }));
    this.loop = new WorkLoop({
      name: 'outbox relay',
      pollMs: POLL_MS,
      work: () => this.lead(),
      onError: (error) => this.logger.warn('The outbox relay failed and starts again', { err: error }),
    });
  }

  /**
   * `republish` appends the current state of every aggregate of a state topic again, with each leadership and after one that was lost:
   * a paused former leader may have sent an old one last, before or after its successor began. It must lock each aggregate's row before
   * it reads the state that it appends. Register before the application is up.
   */
  onLeadership(republish: (manager: EntityManager) => Promise<void>): void {
    this.republishers.push(republish);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.notifications.listen(OUTBOX_CHANNEL, () => this.wakeUp.call());
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wakeUp.call();
    await this.loop.stop();
    await this.sender.dispose();
  }

  /** Why nothing is sent, in words. */
  problems(): string[] {
    return this.sender.isFailing && this.leading ? ['Kafka does not take messages'] : [];
  }

  /** What waits for an operator while everything else is sent, in words. */
  waits(): string[] {
    const { number } = this.parked;
    return [
      ...(number > 0 ? [`${number} outbox rows can never be sent and wait for an operator`] : []),
      ...(this.failedSweeps > 0 && this.leading
        ? [`sent outbox rows could not be removed, ${this.failedSweeps} times so far`]
        : []),
    ];
  }

  private async lead(): Promise<'idle'> {
    await this.leases
      .hold(`outbox-relay:${this.options.service}`, LEASE, (lease) =>
        this.leadUnder(lease).finally(() => (this.overtaken = lease.signal.aborted)),
      )
      .finally(() => (this.leading = false));
    if (this.overtaken) {
      await this.republish();
      this.overtaken = false;
    }
    return 'idle';
  }

  private async leadUnder(lease: Lease): Promise<void> {
    this.leading = true;
    await this.republish();
    await this.parked.count();
    this.triedParkedAtMs = Number.NEGATIVE_INFINITY;
    while (!this.stopping && !lease.signal.aborted) {
      if (await this.step(lease)) continue;
      if (performance.now() > this.sweepsAtMs) await this.sweep();
      await this.wakeUp.within(POLL_MS);
    }
  }

  /** Rows that stay cost room, not messages: a failure is told, and tried again ever more seldom, while everything is sent as before. */
  private async sweep(): Promise<void> {
    try {
      const isOver = (await this.removeSent()) < SWEPT_ROWS_MAX;
      this.failedSweeps = 0;
      this.sweepsAtMs = performance.now() + (isOver ? SWEEP_EVERY_MS : 0);
    } catch (error) {
      this.sweepsAtMs = performance.now() + Math.min(SWEEP_AGAIN_MS * 2 ** this.failedSweeps, SWEEP_EVERY_MS);
      this.failedSweeps += 1;
      this.logger.warn('Outbox rows that were sent long ago could not be removed', { err: error });
    }
  }

  /** A part of them at a time: all that an outage of a day left would take longer than a statement may. */
  private async removeSent(): Promise<number> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM outbox WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM outbox WHERE published_at < now() - interval '1 day' LIMIT ${SWEPT_ROWS_MAX}))`,
    );
    return count;
  }

  private async republish(): Promise<void> {
    for (const republish of this.republishers) await this.dataSource.transaction(republish);
  }

  /**
   * True when there may be more to send at once. A failure that may pass keeps the leadership: giving it up would publish every state
   * again each time, and the outage would end with a flood.
   */
  private async step(lease: Lease): Promise<boolean> {
    try {
      await this.tryParkedAgain(lease);
      return (await this.sendNext(lease)) === BATCH_ROWS_MAX;
    } catch (error) {
      this.logger.warn('The outbox could not be sent and is tried again', { err: error });
      return false;
    }
  }

  private async sendNext(lease: Lease): Promise<number> {
    // By `published_at`, not by the last id sent: a row with a lower id may become visible later than one with a higher.
    const rows: UnpublishedRow[] = await this.dataSource.query(
      `SELECT id, topic, key, headers, value FROM outbox AS waiting
       WHERE published_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM outbox AS parked
         WHERE parked.parked_at IS NOT NULL AND parked.topic = waiting.topic AND parked.key = waiting.key)
       ORDER BY id LIMIT $1`,
      [BATCH_ROWS_MAX],
    );
    if (rows.length === 0) return 0;
    try {
      await this.send(lease, rows);
    } catch (error) {
      if (hopelessReason(error) === null) throw error;
      await this.sendOneByOne(lease, rows);
      return rows.length;
    }
    await this.markPublished(lease, rows);
    return rows.length;
  }

  /** Finds the row that the broker refuses and parks its key, so that every other key goes on. */
  private async sendOneByOne(lease: Lease, rows: UnpublishedRow[]): Promise<void> {
    const parked = new Set<string>();
    const refusedTopics = new Map<string, string>();
    for (const row of rows) {
      const key = `${row.topic}\n${row.key}`;
      if (parked.has(key)) continue;
      const reason = refusedTopics.get(row.topic) ?? (await this.refusal(lease, row));
      if (reason === null) {
        await this.markPublished(lease, [row]);
        continue;
      }
      if (isRefusedTopic(reason)) refusedTopics.set(row.topic, reason);
      parked.add(key);
      await this.parked.park(row, reason);
      await this.parked.count();
      this.logger.error('A message can never be sent; its key is parked', { topic: row.topic, code: reason });
    }
  }

  /** Causes get mended: a topic that was missing, a right, a limit of the broker. What leaves lets its key go on. */
  private async tryParkedAgain(lease: Lease): Promise<void> {
    if (performance.now() - this.triedParkedAtMs < TRY_PARKED_EVERY_MS) return;
    this.triedParkedAtMs = performance.now();
    const refusedTopics = new Set<string>();
    for (const row of await this.parked.toTryAgain(TRIED_ROWS_MAX)) {
      if (this.stopping || refusedTopics.has(row.topic)) continue;
      const reason = await this.refusal(lease, row);
      if (reason === null) await this.markPublished(lease, [row]);
      else await this.parked.park(row, reason);
      if (reason !== null && isRefusedTopic(reason)) refusedTopics.add(row.topic);
    }
    await this.parked.count();
  }

  /** Null when the row was sent. */
  private async refusal(lease: Lease, row: UnpublishedRow): Promise<string | null> {
    try {
      await this.send(lease, [row]);
      return null;
    } catch (error) {
      const reason = hopelessReason(error);
      if (reason === null) throw error;
      return reason;
    }
  }

  /** A leader that was paused finds out here by its own clock, before it sends what its successor may have sent already. */
  private async send(lease: Lease, rows: UnpublishedRow[]): Promise<void> {
    if (lease.remainingMs() === 0) {
      lease.lose();
      throw new AppError('lease_lost', 'the lease of the outbox relay has run out', { retryable: true });
    }
    await this.sender.send(rows);
  }

  private async markPublished(lease: Lease, rows: UnpublishedRow[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lease.assertHeld(manager);
      await manager.query(
        'UPDATE outbox SET published_at = now(), parked_at = NULL, parked_reason = NULL WHERE id = ANY($1::bigint[])',
        [rows.map((row) => row.id)],
      );
    });
  }
}
