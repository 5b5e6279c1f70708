import { type Admin, type Consumer, createKafka, type EachBatchPayload, type Kafka, type KafkaMessage } from '@courier/kafka';
import { AppError, newId } from '@courier/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { kafkaLog } from '../kafka-log';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';

export interface SourcePlace {
  topic: string;
  partition: number;
  offset: string;
}

const READ_MAX_MS = 20_000;

/** Reads single records again where they lie, beside the service's own consumer and without moving anybody's position. */
@Injectable()
export class SourceRecords {
  private readonly kafka: Kafka;
  private readonly service: string;

  constructor(@Inject(MESSAGING_OPTIONS) { kafka, service }: MessagingOptions) {
    this.kafka = createKafka(kafka, `${service}-dead-letters`, { log: kafkaLog });
    this.service = service;
  }

  /** Null when the topic does not hold it any more. */
  async read(place: SourcePlace): Promise<KafkaMessage | null> {
    const admin = this.kafka.admin();
    await admin.connect();
    // A group of its own for each read: kafkajs reads through groups only, and two readers of one group would share the partitions.
    const groupId = `${this.service}-dead-letters-${newId()}`;
    try {
      if (!(await isWithin(admin, place))) return null;
      return await this.readAs(groupId, place).finally(() => admin.deleteGroups([groupId]).catch(() => undefined));
    } finally {
      await admin.disconnect();
    }
  }

  private async readAs(groupId: string, place: SourcePlace): Promise<KafkaMessage | null> {
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
    let timer: NodeJS.Timeout | undefined;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [place.topic] });
      return await new Promise<KafkaMessage | null>((resolve, reject) => {
        timer = setTimeout(() => reject(unreadable()), READ_MAX_MS);
        consumer.on(consumer.events.CRASH, () => reject(unreadable()));
        run(consumer, place, resolve).catch(reject);
      });
    } finally {
      clearTimeout(timer);
      await consumer.disconnect();
    }
  }
}

async function isWithin(admin: Admin, { topic, partition, offset }: SourcePlace): Promise<boolean> {
  const ends = await admin.fetchTopicOffsets(topic);
  const end = ends.find((found) => found.partition === partition);
  return end !== undefined && BigInt(end.low) <= BigInt(offset) && BigInt(offset) < BigInt(end.high);
}

async function run(consumer: Consumer, place: SourcePlace, found: (message: KafkaMessage | null) => void): Promise<void> {
  const wanted = BigInt(place.offset);
  const eachBatch = ({ batch, pause }: EachBatchPayload): Promise<void> => {
    if (batch.partition !== place.partition) {
      pause();
      return Promise.resolve();
    }
    // A fetch that was under way before the seek says nothing.
    const isHere =
      BigInt(batch.lastOffset()) >= wanted && BigInt((batch as typeof batch & { fetchedOffset: string }).fetchedOffset) <= wanted;
    if (isHere) found(batch.messages.find(({ offset }) => offset === place.offset) ?? null);
    return Promise.resolve();
  };
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
  consumer.seek(place);
}

function unreadable(): AppError {
  return new AppError('source_record_unreadable', 'The record could not be read from its topic in time', { retryable: true });
}
