import { scrubText } from './scrub-text';

export type LogFields = Record<string, string | number | boolean | null>;

/**
 * The fields that a log line may carry. A field joins this list when it can hold neither a profile value nor a secret; whatever is
 * not listed never reaches the output, so that forgetting costs a fact and not a leak.
 */
export const logFields: readonly string[] = [
  'service',
  'context',
  'requestId',
  'method',
  'route',
  'status',
  'durationMs',
  'subject',
  'role',
  'code',
  'reason',
  'state',
  'phase',
  'kind',
  'version',
  'attempt',
  'name',
  'setting',
  'signal',
  'pid',
  'exitCode',
  'connectionId',
  'verificationId',
  'exportId',
  'segmentId',
  'refreshId',
  'sequence',
  'runId',
  'batchId',
  'batchNumber',
  'deliveryId',
  'jobId',
  'accountId',
  'listId',
  'eventId',
  'eventType',
  'topic',
  'partition',
  'offset',
  'position',
  'committed',
  'logStart',
  'logEnd',
  'epoch',
  'group',
  'consumer',
  'key',
  'verdict',
  'lease',
  'channel',
  'migration',
  'count',
  'rows',
  'bytes',
  'total',
  'accepted',
  'rejected',
  'unconfirmed',
  'notAttempted',
  'snapshotRows',
  'duplicates',
  'invalid',
  'unchanged',
  'toAdd',
  'toChange',
  'toRemove',
  'batches',
  'trigger',
  'retryAfterMs',
  'waitMs',
  'port',
  'trace_id',
  'span_id',
];

const allowed = new Set(logFields);

/** Listed fields with plain values; objects and lists are dropped whole, because their depths are not listed. */
export function allowFields(fields: object): LogFields {
  const kept: LogFields = {};
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (!allowed.has(name)) continue;
    if (typeof value === 'string') kept[name] = scrubText(value);
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) kept[name] = value;
    else if (typeof value === 'bigint') kept[name] = value.toString();
    else if (value instanceof Date) kept[name] = value.toISOString();
  }
  return kept;
}
