import { createKafka } from '@courier/kafka';
import { randomName, testBrokers } from './test-kafka';

export interface GroupReset {
  group: string;
  topic: string;
  partitions: { partition: number; offset: string }[];
}

/** Moves a group that has no member, as Kafka's own tool does: the commits have no metadata. */
export async function resetOffsets({ group, topic, partitions }: GroupReset): Promise<void> {
  const admin = createKafka({ brokers: testBrokers(), ssl: false }, randomName('spec')).admin();
  await admin.connect();
  await admin.setOffsets({ groupId: group, topic, partitions }).finally(() => admin.disconnect());
}
