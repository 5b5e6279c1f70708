import { randomBytes } from 'node:crypto';
import { type Admin, createKafka, createTopics } from '@courier/kafka';

/** A name that no other run uses. */
export function randomName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

export function testBrokers(): string[] {
  const brokers = process.env['TEST_KAFKA_BROKERS'];
  if (!brokers)
    throw new Error('TEST_KAFKA_BROKERS is not set: run the ring through npm test, or start tools/stack/infrastructure.mjs');
  return brokers.split(',');
}

/** Creates the topics on the integration ring's broker; the function it returns deletes them. */
export async function createTestTopics(names: string[], partitions = 1): Promise<() => Promise<void>> {
  const wanted = names.map((topic) => ({ topic, numPartitions: partitions }));
  await asAdmin((admin) => createTopics(admin, wanted));
  return () => asAdmin((admin) => admin.deleteTopics({ topics: names }));
}

async function asAdmin(work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = createKafka({ brokers: testBrokers(), ssl: false }, randomName('test')).admin();
  await admin.connect();
  await work(admin).finally(() => admin.disconnect());
}
