/** Fields of our messages that say whom they are about, and their names in spans. All are ids that we drew. */
const names = {
  runId: 'courier.run.id',
  exportId: 'courier.export.id',
  batchId: 'courier.batch.id',
  deliveryId: 'courier.delivery.id',
  connectionId: 'courier.connection.id',
} as const;

/** Reads the outermost fields only: values further down belong to others. */
export function traceIds(data: unknown): Record<string, string> {
  if (typeof data !== 'object' || data === null) return {};
  const fields = data as Record<string, unknown>;
  const found: Record<string, string> = {};
  for (const [field, name] of Object.entries(names)) {
    const value = fields[field];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
