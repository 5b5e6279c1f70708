import { defaultRetentionHours, topicPlans } from '@courier/contracts';
import { ConfigResourceTypes, createTopics } from '@courier/kafka';
import { withAdmin } from './kafka-client';
import { StackError } from './stack-error';

const RETRIES = 5;

/** Creates the topics that are missing and brings the settings of the rest up to date. */
export async function ensureTopics(brokers: string, hours: number): Promise<void> {
  const wanted = topicPlans(hours).map(({ topic, numPartitions, config }) => ({
    topic,
    numPartitions,
    replicationFactor: 1,
    configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
  }));
  await withAdmin(brokers, RETRIES, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = wanted.filter(({ topic }) => !existing.has(topic));
    if (missing.length > 0) await createTopics(admin, missing);
    const kept = wanted.filter(({ topic }) => existing.has(topic));
    if (kept.length === 0) return;
    const resources = kept.map(({ topic, configEntries }) => ({ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }));
    await admin.alterConfigs({ validateOnly: false, resources });
  });
}

export function retentionHours(environment: NodeJS.ProcessEnv): number {
  const given = environment['TOPIC_RETENTION_HOURS'];
  if (!given) return defaultRetentionHours;
  const hours = Number(given);
  if (!Number.isInteger(hours) || hours < 1)
    throw new StackError('TOPIC_RETENTION_HOURS must be a whole number of hours, at least 1.');
  return hours;
}
