import type { GeneratedSegment } from './generate-segment';

export interface RefreshOptions {
  segment: Pick<GeneratedSegment, 'entity' | 'format' | 'compression' | 'manifestUri' | 'partitions' | 'expected'>;
  environmentId: string;
  /** Default: the entity's name. */
  segmentId?: string;
  refreshId: string;
  sequence: number;
  completedAt: Date;
}

/** The data of a `segment.refreshed.v1` event that announces a generated segment. */
export function refreshOf({ segment, environmentId, segmentId, refreshId, sequence, completedAt }: RefreshOptions) {
  const id = segmentId ?? segment.entity;
  const at = completedAt.toISOString();
  return {
    environmentId,
    segment: { id, displayName: id, type: 'dynamic' },
    refresh: { id: refreshId, trigger: 'scheduled', completedAt: at, result: 'successful' },
    sequence,
    snapshot: {
      format: segment.format,
      ...(segment.format === 'cdm-csv' && { manifestUri: segment.manifestUri, entity: segment.entity }),
      partitions: segment.partitions.map(({ uri, rows, bytes, sha256 }) => ({ uri, rows, bytes, sha256 })),
      compression: segment.compression,
      rowCount: segment.expected.rows,
      createdAt: at,
    },
  };
}
