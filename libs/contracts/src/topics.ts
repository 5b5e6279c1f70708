/**
 * What a re-read of a topic means to its consumers: `work` is done once per event and epoch, a `fact` is recorded once, a `state`
 * replaces an older version of itself.
 */
export type TopicClass = 'work' | 'fact' | 'state';

export interface TopicDefinition {
  readonly name: string;
  readonly class: TopicClass;
  /** Who alone publishes there. */
  readonly owner: string;
}

/** Every topic of the system. The names are a promise to outsiders. */
export const topics = {
  segmentRefreshes: { name: 'segment.refreshes', class: 'work', owner: 'upstream' },
  connections: { name: 'connections', class: 'state', owner: 'connection-service' },
  exports: { name: 'exports', class: 'state', owner: 'export-orchestrator' },
  connectionChecks: { name: 'klaviyo.connection-checks', class: 'fact', owner: 'klaviyo-sink' },
  batches: { name: 'klaviyo.batches', class: 'work', owner: 'export-orchestrator' },
  outcomes: { name: 'klaviyo.outcomes', class: 'fact', owner: 'klaviyo-sink' },
  runs: { name: 'export.runs', class: 'fact', owner: 'export-orchestrator' },
  auditEvents: { name: 'audit.events', class: 'fact', owner: 'every service' },
  alerts: { name: 'alerts', class: 'fact', owner: 'export-orchestrator' },
} as const satisfies Record<string, TopicDefinition>;

/** Where a consumer puts a note about a record of `topic` that it could not use. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dead-letters`;
}

const HOUR_MS = 3_600_000;
export const defaultRetentionHours = 720;

/** A topic as a broker is told to make it. */
export interface TopicPlan {
  topic: string;
  numPartitions: number;
  config: Record<string, string>;
}

/** These have no consumer in the system, so nothing of theirs can become a dead letter. */
const observed: readonly TopicDefinition[] = [topics.runs, topics.auditEvents, topics.alerts];

/** Every topic with its settings, and the dead-letter topic of every one that a service consumes. */
export function topicPlans(retentionHours: number): TopicPlan[] {
  const all: readonly TopicDefinition[] = Object.values(topics);
  const consumed = all.filter((topic) => !observed.includes(topic));
  const deadLetters = consumed.map(({ name }) => ({
    name: deadLetterTopic(name),
    class: 'fact' as const,
    owner: 'the consumer',
  }));
  return [...all, ...deadLetters].map((topic) => ({
    topic: topic.name,
    numPartitions: 6,
    config: configOf(topic, retentionHours),
  }));
}

function configOf(topic: TopicDefinition, retentionHours: number): Record<string, string> {
  if (topic.class !== 'state') return { 'cleanup.policy': 'delete', 'retention.ms': String(retentionHours * HOUR_MS) };
  // Small segments that are cleaned within a day: the active one is never compacted, so old credentials would stay for a week.
  return { 'cleanup.policy': 'compact', 'segment.ms': String(HOUR_MS), 'max.compaction.lag.ms': String(24 * HOUR_MS) };
}
