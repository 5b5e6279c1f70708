import { type Kafka, KafkaJSProtocolError, type Producer } from '@courier/kafka';
import { durations, meter } from '@courier/telemetry';

export interface SendableRow {
  topic: string;
  key: string;
  headers: Record<string, string>;
  value: string | null;
}

export interface UnpublishedRow extends SendableRow {
  id: string;
}

/** Answers of the broker that concern a topic, not a record of it. */
const REFUSED_TOPIC = new Set(['INVALID_TOPIC_EXCEPTION', 'TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION']);

/** Answers of the broker after which the same record is refused until somebody mends the cause. */
const HOPELESS = new Set([...REFUSED_TOPIC, 'MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

const METER = '@courier/messaging';
const SEND = { 'messaging.system': 'kafka', 'messaging.operation.name': 'send' };
const sent = meter(METER).createCounter('messaging.client.sent.messages', {
  description: 'Messages that every in-sync replica has',
  unit: '{message}',
});
const sendDuration = durations(METER, 'messaging.client.operation.duration', 'Sends of the outbox, several messages each');
const labelsOf = (topic: string) => ({ ...SEND, 'messaging.destination.name': topic });

/** One idempotent producer at a time, replaced after every failure. */
export class OutboxSender {
  private producer: Producer | null = null;
  private failed = false;

  constructor(private readonly kafka: Kafka) {}

  /** Whether the newest send failed for a reason that may pass. */
  get isFailing(): boolean {
    return this.failed;
  }

  /** Sends rows in their order; resolves when every in-sync replica has them. */
  async send(rows: readonly SendableRow[]): Promise<void> {
    const byTopic = Map.groupBy(rows, (row) => row.topic);
    const startedMs = performance.now();
    let outcome: Record<string, string> = {};
    try {
      const producer = await this.connected();
      await producer.sendBatch({
        acks: -1,
        topicMessages: [...byTopic].map(([topic, messages]) => ({
          topic,
          messages: messages.map(({ key, headers, value }) => ({ key, headers, value })),
        })),
      });
      this.failed = false;
      for (const [topic, messages] of byTopic) sent.add(messages.length, labelsOf(topic));
    } catch (error) {
      this.failed = hopelessReason(error) === null;
      outcome = { 'error.type': hopelessReason(error) ?? 'kafka_unavailable' };
      await this.dispose();
      throw error;
    } finally {
      sendDuration.record((performance.now() - startedMs) / 1_000, { ...SEND, ...outcome });
    }
  }

  /** After a failed connect or send an idempotent producer of kafkajs may go on non-idempotently: it is never used again. */
  async dispose(): Promise<void> {
    const producer = this.producer;
    this.producer = null;
    await producer?.disconnect().catch(() => undefined);
  }

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    const retry = { retries: 5 };
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, retry });
    this.producer = producer;
    await producer.connect();
    return producer;
  }
}

/** Whether every record of the topic is refused for this reason. */
export const isRefusedTopic = (reason: string): boolean => REFUSED_TOPIC.has(reason);

/** Why the broker does not take this record until somebody mends the cause; null when it may by itself. */
export function hopelessReason(error: unknown): string | null {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const type = cause instanceof KafkaJSProtocolError ? cause.type : (cause as { type?: string }).type;
    if (type !== undefined && HOPELESS.has(type)) return type;
  }
  return null;
}
