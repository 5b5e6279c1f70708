import { type Consumer, createKafka, type EachBatchPayload, type Kafka, type KafkaMessage } from '@courier/kafka';
import { newId } from '@courier/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { kafkaLog } from '../kafka-log';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';

export interface OffsetRange {
  partition: number;
  from: number;
  /** Behind the last one. */
  to: number;
}

/** What fits into memory and into the time that somebody waits for an answer. */
const RECORDS_MAX = 5_000;
const READ_MAX_MS = 15_000;

/** Reads ranges of a topic where they lie, beside the service's own consumer and without moving anybody's position. */
@Injectable()
export class RangeRecords {
  private readonly kafka: Kafka;
  private readonly service: string;

  constructor(@Inject(MESSAGING_OPTIONS) { kafka, service }: MessagingOptions) {
    this.kafka = createKafka(kafka, `${service}-ranges`, { log: kafkaLog });
    this.service = service;
  }

  /** In the order in which they came; fewer than there are where they are too many, or do not come in time. */
  async read(topic: string, ranges: readonly OffsetRange[]): Promise<KafkaMessage[]> {
    if (ranges.length === 0) return [];
    // A group of its own for each read: kafkajs reads through groups only, and two readers of one group would share the partitions.
    const groupId = `${this.service}-ranges-${newId()}`;
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
    const admin = this.kafka.admin();
    try {
      await Promise.all([admin.connect(), consumer.connect()]);
      await consumer.subscribe({ topics: [topic] });
      const messages = await readAll(consumer, topic, ranges);
      return messages.sort((one, other) => Number(one.timestamp) - Number(other.timestamp));
    } finally {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    }
  }
}

function readAll(consumer: Consumer, topic: string, ranges: readonly OffsetRange[]): Promise<KafkaMessage[]> {
  const open = new Map(ranges.map((range) => [range.partition, range]));
  const found: KafkaMessage[] = [];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(found), READ_MAX_MS);
    const end = (partition: number) => {
      open.delete(partition);
      if (open.size > 0 && found.length < RECORDS_MAX) return;
      clearTimeout(timer);
      resolve(found);
    };
    const eachBatch = ({ batch, pause }: EachBatchPayload): Promise<void> => {
      const range = open.get(batch.partition);
      if (range === undefined) pause();
      // A fetch that was under way before the seek says nothing.
      else if (Number(batch.lastOffset()) >= range.from) {
        const wanted = batch.messages.filter(({ offset }) => Number(offset) >= range.from && Number(offset) < range.to);
        found.push(...wanted.slice(0, RECORDS_MAX - found.length));
        if (Number(batch.lastOffset()) >= range.to - 1 || found.length >= RECORDS_MAX) end(batch.partition);
        else open.set(batch.partition, { ...range, from: Number(batch.lastOffset()) + 1 });
      }
      return Promise.resolve();
    };
    // The last offsets of a range may be nothing but markers of transactions, which are no batch.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      const range = open.get(partition);
      if (range !== undefined && batchSize === 0 && Number(lastOffset) >= range.to - 1) end(partition);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.run({ autoCommit: false, eachBatch }).then(() => {
      for (const { partition, from } of ranges) consumer.seek({ topic, partition, offset: String(from) });
    }, reject);
  });
}
