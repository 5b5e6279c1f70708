import { headerText } from '@courier/kafka';
import { durations, meter } from '@courier/telemetry';
import { context, createContextKey, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RecordResult, RecordToTake } from './record-to-take';

const METER = '@courier/messaging';
const processDuration = durations(METER, 'messaging.process.duration', 'Records taken in, by topic and by what came of them');
const consumed = meter(METER).createCounter('messaging.client.consumed.messages', {
  description: 'Records that were looked at, repeated tries included',
  unit: '{message}',
});

export type Observed = 'done' | 'skip' | 'duplicate' | 'dead-letter' | 'retry' | 'zombie';

const NOTE = createContextKey('what came of the record');

/** Says what came of the record that is being taken in; `done` where nobody says anything. */
export function noteVerdict(verdict: Observed): void {
  const note = context.active().getValue(NOTE) as { verdict: Observed } | undefined;
  if (note !== undefined) note.verdict = verdict;
}

/** One record as a CONSUMER span in the trace that its headers name, and in the metrics. */
export async function observeRecord(
  record: RecordToTake,
  group: string,
  work: () => Promise<RecordResult>,
): Promise<RecordResult> {
  const parent = propagation.extract(context.active(), record.message.headers ?? {}, {
    get: (carrier, name) => headerText(carrier[name]) ?? undefined,
    keys: (carrier) => Object.keys(carrier),
  });
  const note: { verdict: Observed } = { verdict: 'done' };
  const options = { kind: SpanKind.CONSUMER, attributes: spanAttributes(record, group) };
  const startedMs = performance.now();
  return trace.getTracer(METER).startActiveSpan(`process ${record.topic}`, options, parent.setValue(NOTE, note), async (span) => {
    const result = await work();
    const verdict = result.kind === 'moved' ? note.verdict : result.kind;
    if (result.kind === 'retry') span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('courier.intake.verdict', verdict);
    span.end();
    const labels = commonAttributes(record, group);
    consumed.add(1, labels);
    const seconds = (performance.now() - startedMs) / 1_000;
    processDuration.record(seconds, { ...labels, 'courier.intake.verdict': verdict });
    return result;
  });
}

function commonAttributes({ topic }: RecordToTake, group: string): Record<string, string> {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'process',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': group,
  };
}

function spanAttributes(record: RecordToTake, group: string): Record<string, string | number> {
  return {
    ...commonAttributes(record, group),
    'messaging.operation.type': 'process',
    'messaging.destination.partition.id': String(record.partition),
    'messaging.kafka.offset': Number(record.message.offset),
  };
}
