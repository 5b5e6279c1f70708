import type { KafkaSettings } from '@courier/config';
import type { MessageDefinition } from '@courier/kernel';
import type { AuditRecord } from './audit/audit-record';
import type { IntakeTopic } from './intake/incoming';
import type { IntakeObserver } from './intake/observer';
import type { PauseAlert } from './intake/pause-alert';

export interface MessagingOptions {
  /** The service's name: consumer group, client id and lease names. */
  service: string;
  /** CloudEvents source of what this service publishes, such as `/connection-service`. */
  source: string;
  kafka: KafkaSettings;
  /** Topics to create at start where they are missing; empty where somebody else makes them. */
  createTopics: readonly { topic: string; numPartitions: number; config: Record<string, string> }[];
  /** How long the topics keep records: what is older is not delivered again. */
  topicRetentionHours: number;
  /** How long the service keeps what its audit recorded. */
  auditDays: number;
  /** All topics of the service: one consumer reads them together. */
  consumes: readonly IntakeTopic[];
  /** A replay of more records wants an approval. */
  replayMaxRecords: number;
  /** The message that tells what the audit trail records. */
  audit: MessageDefinition<AuditRecord>;
  /** The message that tells who watches that a partition waits for an operator. */
  alert: MessageDefinition<PauseAlert>;
  /** How long the group waits for a member that died; 20 s by default. */
  sessionTimeoutMs?: number;
  /** For specs that end the process between two steps. */
  observer?: IntakeObserver;
}

export const MESSAGING_OPTIONS = Symbol('MESSAGING_OPTIONS');
