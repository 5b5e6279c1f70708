import { cloudEventHeaders } from '@courier/kafka';
import { AppError, type MessageDefinition, newId } from '@courier/kernel';
import { notify } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import type { EntityManager } from 'typeorm';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';
import { traceIds } from '../trace-ids';

export const OUTBOX_CHANNEL = 'outbox';

export interface OutgoingOptions {
  /** CloudEvents id; a new one when absent. Give a derived id where a repeated send must be recognised. */
  id?: string;
  subject?: string;
}

export interface OutboxRow {
  topic: string;
  key: string;
  headers: Record<string, string>;
  value: string | null;
}

/** Messages that leave together with the change that they announce. The relay sends them after the commit, in order per key. */
@Injectable()
export class Outbox {
  constructor(@Inject(MESSAGING_OPTIONS) private readonly options: Pick<MessagingOptions, 'source'>) {}

  /**
   * Call it with the aggregate's row locked: ids are drawn then, so versions of one key leave in order.
   * @throws AppError `invalid_outgoing_message` when `data` does not match the definition; the paths are named, no value is.
   */
  async append<T>(
    manager: EntityManager,
    definition: MessageDefinition<T>,
    data: T,
    options: OutgoingOptions = {},
  ): Promise<void> {
    const checked = definition.schema.safeParse(data);
    if (!checked.success) {
      const paths = checked.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new AppError('invalid_outgoing_message', `${definition.type} is invalid at: ${paths}`);
    }
    const key = definition.key(checked.data);
    const headers = cloudEventHeaders({
      id: options.id ?? newId(),
      source: this.options.source,
      type: definition.type,
      subject: options.subject ?? key,
      time: new Date(),
    });
    const { topic } = definition;
    await inCreateSpan({ topic, id: headers['ce_id'], ids: traceIds(checked.data) }, () => {
      propagation.inject(context.active(), headers);
      return insertOutboxRow(manager, { topic, key, headers, value: JSON.stringify(checked.data) });
    });
  }
}

/** The message's own span, which its consumers continue; a message that nothing traced asked for begins no trace. */
async function inCreateSpan(
  { topic, id, ids }: { topic: string; id: string | undefined; ids: Record<string, string> },
  work: () => Promise<void>,
): Promise<void> {
  if (trace.getActiveSpan() === undefined) return work();
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'create',
    'messaging.operation.name': 'create',
    'messaging.destination.name': topic,
    'messaging.message.id': id,
    ...ids,
  };
  const tracer = trace.getTracer('@courier/messaging');
  await tracer.startActiveSpan(`create ${topic}`, { kind: SpanKind.PRODUCER, attributes }, (span) =>
    work().finally(() => span.end()),
  );
}

export async function insertOutboxRow(manager: EntityManager, row: OutboxRow): Promise<void> {
  await manager.query('INSERT INTO outbox (topic, key, headers, value) VALUES ($1, $2, $3, $4)', [
    row.topic,
    row.key,
    JSON.stringify(row.headers),
    row.value,
  ]);
  await notify(manager, OUTBOX_CHANNEL);
}
