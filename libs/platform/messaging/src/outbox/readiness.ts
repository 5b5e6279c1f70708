import { type Admin, createKafka, type Kafka } from '@courier/kafka';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { kafkaLog } from '../kafka-log';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';
import { OutboxRelay } from './relay';

/** For connecting and for the answer, each: together less than a probe of readiness waits. */
const ANSWER_MAX_MS = 1_400;

/**
 * Asks Kafka itself: the relay and the consumer notice an outage only when they have something to send, or after their own long
 * time-outs, and an instance that does not lead the relay would not notice at all.
 */
@Injectable()
export class KafkaReadiness implements OnApplicationShutdown {
  readonly name = 'kafka';
  private readonly kafka: Kafka;
  private admin: Admin | null = null;
  private asked: Promise<string | null> | null = null;

  constructor(
    @Inject(MESSAGING_OPTIONS) options: MessagingOptions,
    private readonly relay: OutboxRelay,
  ) {
    const clientId = `${options.service}-readiness`;
    this.kafka = createKafka(options.kafka, clientId, { log: kafkaLog, timeoutMs: ANSWER_MAX_MS, retries: 0 });
  }

  /** Null when Kafka answers and the relay sends what it has, else what is wrong. */
  async check(): Promise<string | null> {
    this.asked ??= this.ask().finally(() => (this.asked = null));
    const problems = [await this.asked, ...this.relay.problems()].filter((problem) => problem !== null);
    return problems.length === 0 ? null : problems.join('; ');
  }

  waits(): string | null {
    const waits = this.relay.waits();
    return waits.length === 0 ? null : waits.join('; ');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.disconnect();
  }

  private async ask(): Promise<string | null> {
    try {
      if (this.admin === null) {
        this.admin = this.kafka.admin();
        await this.admin.connect();
      }
      await this.admin.describeCluster();
      return null;
    } catch {
      await this.disconnect();
      return 'Kafka does not answer';
    }
  }

  private async disconnect(): Promise<void> {
    const { admin } = this;
    this.admin = null;
    await admin?.disconnect().catch(() => undefined);
  }
}
