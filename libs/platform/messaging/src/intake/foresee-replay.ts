import { decodeRecord, type KafkaMessage } from '@courier/kafka';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';
import type { IntakeTopic } from './incoming';
import { KafkaIntake } from './kafka-intake';
import { type OffsetRange, RangeRecords } from './range-records';
import type { RecordAgain, ReplayEffect } from './replay-effect';

/** Says what reading a range once more would do, as far as this service can know: by reading it, without doing anything. */
@Injectable()
export class ForeseeReplay {
  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: Pick<MessagingOptions, 'consumes'>,
    private readonly dataSource: DataSource,
    private readonly ranges: RangeRecords,
    private readonly intake: KafkaIntake,
  ) {}

  async execute(
    topic: string,
    partitions: readonly OffsetRange[],
    how: { force: boolean; unfinishedOnly: boolean },
  ): Promise<ReplayEffect[]> {
    const definition = this.options.consumes.find((one) => one.topic.name === topic);
    if (definition === undefined) return [];
    const messages = await this.ranges.read(topic, partitions);
    const records = messages.flatMap((message) => usable(message, definition) ?? []);
    const wanted = partitions.reduce((sum, { from, to }) => sum + to - from, 0);
    return [
      ...(await this.intake.foresee(topic, { records, ...how }, this.dataSource.manager)),
      ...of('put_aside', messages.length - records.length, 'this service cannot use it; see ops dead-letters list'),
      ...of('unknown', wanted - messages.length, 'no record any more, or too many to look at'),
    ];
  }
}

function of(verdict: ReplayEffect['verdict'], records: number, detail: string): ReplayEffect[] {
  return records === 0 ? [] : [{ verdict, exportId: null, runId: null, records, detail }];
}

function usable({ headers, value }: KafkaMessage, { messages }: IntakeTopic): RecordAgain | null {
  const decoded = decodeRecord(headers, value);
  if (decoded.kind !== 'event') return null;
  const { id: eventId, source, type } = decoded.attributes;
  const parsed = messages.find((message) => message.type === type)?.schema.safeParse(decoded.data);
  return parsed?.success === true ? { source, eventId, type, data: parsed.data } : null;
}
