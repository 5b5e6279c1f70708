import { type Admin, createKafka, type Kafka } from '@courier/kafka';

const TIMEOUT_MS = 5_000;

export function stackKafka(brokers: string, retries = 5): Kafka {
  return createKafka({ brokers: brokers.split(','), ssl: false }, 'courier-stack', { timeoutMs: TIMEOUT_MS, retries });
}

export async function withAdmin<T>(brokers: string, retries: number, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = stackKafka(brokers, retries).admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
