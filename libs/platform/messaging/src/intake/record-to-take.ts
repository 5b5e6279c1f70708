import type { KafkaMessage } from '@courier/kafka';
import type { PartitionId } from './positions';

export interface RecordToTake extends PartitionId {
  message: KafkaMessage;
  /** The position as this owner last read or wrote it. */
  seen: bigint;
}

export type RecordResult =
  | { kind: 'moved'; next: bigint }
  | { kind: 'retry'; afterMs: number; reason: string }
  /** Another owner has moved the position meanwhile; nothing was changed. */
  | { kind: 'zombie' };
