import type { MessageData, MessageDefinition, MessageSchema } from '@courier/kernel';
import type { EntityManager } from 'typeorm';
import type { DeadLetterReason } from './verdict';

interface Envelope<Type extends string, T> {
  type: Type;
  id: string;
  source: string;
  subject: string | null;
  time: Date | null;
  key: string | null;
  topic: string;
  partition: number;
  offset: string;
  /** 0 outside a replay. */
  epoch: number;
  data: T;
}

/** A record that was decoded and checked against its definition, as a handler gets it. Distributes over a union of definitions. */
export type Incoming<D> = D extends MessageDefinition<infer _T, infer Type> ? Envelope<Type, MessageData<D>> : never;

/** Before the handler's own type says which message it is. */
export type AnyIncoming = Envelope<string, unknown>;

/** The transaction of the record: what a handler changes through `manager` becomes true together with the position. */
export class IntakeContext {
  constructor(readonly manager: EntityManager) {}
}

/** A record that ends as a dead letter although its value is JSON: whatever can be read of it. */
export interface DeadLettered {
  /** As the record names it; it may be unknown here. */
  type: string;
  /** Not checked against any definition. */
  data: unknown;
  epoch: number;
  reason: DeadLetterReason;
  /** Does not quote the record. */
  detail: string;
}

/**
 * A handler `@EventPattern<string>(deadLetterPattern(topic))` gets each DeadLettered of the topic, in the transaction that puts the
 * record aside. For topics where somebody waits for an answer: without one he would wait for ever.
 */
export function deadLetterPattern(topic: string): string {
  return `dead-letter of ${topic}`;
}

/** A topic to consume, and the messages that are understood there. */
export interface IntakeTopic {
  topic: { readonly name: string; readonly class: 'work' | 'fact' | 'state' };
  messages: readonly { readonly type: string; readonly schema: MessageSchema<unknown> }[];
}
