import type { Admin, Consumer } from '@courier/kafka';
import { commitMetadata } from './commit-metadata';
import type { PartitionId } from './positions';

/** What Kafka knows of a partition: the operator's signal and the reach of the log. */
export interface KafkaPartition {
  committed: { offset: bigint; metadata: string } | null;
  logStart: bigint;
  logEnd: bigint;
}

/** The group's committed offsets. */
export class GroupOffsets {
  constructor(
    private readonly group: string,
    private readonly admin: Admin,
    private readonly consumer: Pick<Consumer, 'commitOffsets'>,
  ) {}

  /** By partition, whoever owns it now. */
  async ofTopic(topic: string): Promise<Map<number, KafkaPartition>> {
    const [[committed], ends] = await Promise.all([
      this.admin.fetchOffsets({ groupId: this.group, topics: [topic] }),
      this.admin.fetchTopicOffsets(topic),
    ]);
    const commits = new Map(committed?.partitions.map(({ partition, ...commit }) => [partition, commit]));
    return new Map(
      ends.map(({ partition, low, high }) => {
        const commit = commits.get(partition);
        // kafkajs commits -2 by itself when the log no longer has its offset: that is no commit of anybody's.
        const isThere = commit !== undefined && BigInt(commit.offset) >= 0n;
        return [
          partition,
          {
            committed: isThere ? { offset: BigInt(commit.offset), metadata: commit.metadata ?? '' } : null,
            logStart: BigInt(low),
            logEnd: BigInt(high),
          },
        ];
      }),
    );
  }

  /** Only the partition's owner can; false when the broker does not give the metadata back, as some look-alikes of Kafka do not. */
  async commit({ topic, partition }: PartitionId, offset: bigint, epoch: number): Promise<boolean> {
    const metadata = commitMetadata(epoch);
    await this.consumer.commitOffsets([{ topic, partition, offset: offset.toString(), metadata }]);
    const kept = (await this.ofTopic(topic)).get(partition)?.committed;
    return kept?.metadata === metadata;
  }
}
