import { describe, expect, it } from '@jest/globals';
import { segmentRefreshedV1 } from './v1';

const event = {
  environmentId: 'dev',
  segment: { id: 's', displayName: 'S', type: 'static' },
  refresh: {
    id: 'r',
    workflowJobId: 'j',
    segmentIds: ['s'],
    trigger: 'manual',
    completedAt: '2026-11-24T02:15:44Z',
    result: 'successful',
  },
  sequence: 1,
  snapshot: {
    format: 'cdm-csv',
    manifestUri: 'file:///m',
    entity: 'E',
    partitions: [{ uri: 'file:///p', rows: 1, bytes: 1, sha256: 'a'.repeat(64) }],
    compression: 'none',
    rowCount: 1,
    createdAt: '2026-11-24T02:15:44Z',
    expiresAt: '2026-11-24T02:15:44Z',
  },
};

/** Paths of all values that are no objects, and of all objects but the event itself. */
function paths(value: unknown, path: string[] = []): string[][] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [...(path.length === 0 ? [] : [path]), ...inner.flatMap(([key, child]) => paths(child, [...path, key]))];
}

function changed(path: readonly string[], change: (holder: Record<string, unknown>, key: string) => void): unknown {
  const copy = structuredClone(event);
  let holder = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  change(holder, path.at(-1) ?? '');
  return copy;
}

const read = (data: unknown) => {
  const { success, data: found } = segmentRefreshedV1.schema.safeParse(data) as { success: boolean; data?: unknown };
  return success ? { read: JSON.stringify(found) } : 'refused';
};

describe('segment.refreshed.v1', () => {
  // An element of a list cannot be absent.
  const fields = paths(event).filter((path) => !/^\d+$/.test(path.at(-1) ?? ''));

  it.each(fields.map((path) => path.join('.')))('takes null for what is absent: %s', (name) => {
    const path = name.split('.');
    const absent = read(changed(path, (holder, key) => delete holder[key]));
    expect(read(changed(path, (holder, key) => (holder[key] = null)))).toEqual(absent);
  });

  it.each(['refresh.completedAt', 'snapshot.createdAt', 'snapshot.expiresAt'])('reads moments in any spelling: %s', (name) => {
    const at = (text: unknown) => read(changed(name.split('.'), (holder, key) => (holder[key] = text)));
    for (const spelling of ['2026-11-24T02:15:44', '20261124T021544Z', '2026-W48-2T02:15:44.0000000', '2026-11-24T03:15:44+01'])
      expect(at(spelling)).toEqual(at('2026-11-24T02:15:44.000Z'));
    expect(at('2026-11-24T03:15:44+01:00')).toMatchObject({ read: expect.stringContaining('"2026-11-24T03:15:44+01:00"') });
    for (const other of ['yesterday', '', 1795545344, '24.11.2026', {}]) expect(at(other)).toBe('refused');
  });
});
