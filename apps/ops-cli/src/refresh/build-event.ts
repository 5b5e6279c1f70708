import { segmentRefreshedV1, type SegmentRefreshedV1, type Snapshot } from '@courier/contracts';
import { OpsError } from '../ops-error';
import { exitCodes } from '../exit-codes';
import type { DescribedPart } from './describe-part';

export interface RefreshFacts {
  environmentId: string;
  segmentId: string;
  refreshId: string;
  sequence: number;
  format: Snapshot['format'];
  compression: Snapshot['compression'];
  /** Of `cdm-csv`. */
  manifest?: { manifestUri: string; entity: string };
  parts: readonly DescribedPart[];
  completedAt: Date;
}

/** The event that upstream would send for a snapshot. */
export function refreshOf(facts: RefreshFacts): SegmentRefreshedV1 {
  const { environmentId, segmentId, refreshId, sequence, format, compression, manifest, parts, completedAt } = facts;
  const at = completedAt.toISOString();
  return checkedRefresh({
    environmentId,
    segment: { id: segmentId, displayName: segmentId },
    refresh: { id: refreshId, trigger: 'manual', completedAt: at, result: 'successful' },
    sequence,
    snapshot: {
      format,
      ...manifest,
      partitions: [...parts],
      compression,
      rowCount: parts.reduce((sum, { rows }) => sum + rows, 0),
      createdAt: at,
    },
  });
}

/** An event that follows its schema; everything that does not is named at once, before anything is sent. */
export function checkedRefresh(data: unknown): SegmentRefreshedV1 {
  const checked = segmentRefreshedV1.schema.safeParse(data);
  if (checked.success) return checked.data;
  throw new OpsError({
    code: 'invalid_message',
    what: 'The event was not sent.',
    why: `It does not follow ${segmentRefreshedV1.type}.`,
    remedy: 'Mend what is named and publish it again.',
    findings: checked.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`),
    exitCode: exitCodes.usage,
  });
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '') || 'the event';
}
