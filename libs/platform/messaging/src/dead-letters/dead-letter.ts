import { createHash } from 'node:crypto';
import { headerText, type KafkaMessage } from '@courier/kafka';
import { derivedId } from '@courier/kernel';
import type { EntityManager } from 'typeorm';
import type { DeadLetterReason } from '../intake/verdict';
import { insertOutboxRow, type OutboxRow } from '../outbox/outbox';

export interface DeadLetter {
  consumer: string;
  topic: string;
  partition: number;
  message: KafkaMessage;
  /** The replay that the record was read in; 0 outside. */
  epoch: number;
  reason: DeadLetterReason;
  detail: string;
}

/**
 * A note about a record that could not be used, for the topic's observers and for whoever retries it. It names the record by topic,
 * partition and offset and fingerprints it; the bytes stay where they are, because nobody has checked what they contain.
 */
export async function writeDeadLetter(manager: EntityManager, letter: DeadLetter): Promise<void> {
  const { consumer, topic, partition, message, epoch, reason } = letter;
  const { sha256, bytes } = fingerprint(message);
  // A topic that is made anew may hold another record at the same offset.
  const id = derivedId('dead-letter', consumer, topic, partition, message.offset, sha256);
  const detail = letter.detail.slice(0, 500);
  await manager.query(
    `INSERT INTO dead_letters (id, consumer, topic, partition, record_offset, epoch, event_id, event_type, reason, detail, sha256, bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, reason = excluded.reason, detail = excluded.detail, state = 'open',
       created_at = now(), resolved_at = NULL, resolved_by = NULL, resolution = NULL`,
    [
      id,
      consumer,
      topic,
      partition,
      message.offset,
      epoch,
      word(message, 'ce_id'),
      word(message, 'ce_type'),
      reason,
      detail,
      sha256,
      bytes,
    ],
  );
  await insertOutboxRow(manager, noteOf({ ...letter, detail }));
}

function noteOf({ consumer, topic, partition, message, reason, detail }: DeadLetter): OutboxRow {
  const { sha256, bytes } = fingerprint(message);
  return {
    topic: `${topic}.dead-letters`,
    key: keyOf(message) ?? `${topic}/${partition}/${message.offset}`,
    value: null,
    headers: {
      'dead-letter-reason': reason,
      'dead-letter-detail': detail,
      'dead-letter-consumer': consumer,
      'dead-letter-topic': topic,
      'dead-letter-partition': String(partition),
      'dead-letter-offset': message.offset,
      'dead-letter-sha256': sha256,
      'dead-letter-bytes': String(bytes),
      'dead-letter-at': new Date().toISOString(),
    },
  };
}

export function fingerprint({ value }: Pick<KafkaMessage, 'value'>): { sha256: string; bytes: number } {
  const bytes = value ?? Buffer.alloc(0);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** Far above any id, and so little that a note fits into a record: kafkajs also hashes a key in time that grows with its square. */
const KEY_BYTES_MAX = 500;

/** Null where it is no text that PostgreSQL can keep, or too long for a note. */
function keyOf({ key }: KafkaMessage): string | null {
  if (!key || key.length === 0 || key.length > KEY_BYTES_MAX) return null;
  const text = key.toString('utf8');
  return text.includes('\u0000') ? null : text;
}

const WORD = /^[\w.:/-]{1,200}$/;

/** What the record calls itself, where that is a name and nothing else. */
function word({ headers }: KafkaMessage, name: string): string | null {
  const text = headerText(headers?.[name]);
  return text !== null && WORD.test(text) ? text : null;
}
