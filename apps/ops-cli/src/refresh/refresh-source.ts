import { usageError } from '../ops-error';
import type { Located } from './part-locations';

// What `refreshes publish` is told: an event, a Customer Insights folder, or files of one format.

export interface PublishOptions {
  file?: string;
  manifest?: string;
  entity?: string;
  locations?: Located[];
  /** true: the option came without a file. */
  csv?: true | string[];
  ndjson?: true | string[];
  parquet?: true | string[];
  segment?: string;
  sequence?: number;
  watch?: true;
}

export type RefreshSource =
  | { kind: 'event'; file: string }
  | { kind: 'folder'; format: 'cdm-csv'; manifest: string; entity: string; locations: Located[]; segmentId: string }
  | { kind: 'files'; format: 'csv' | 'ndjson' | 'parquet'; files: string[]; segmentId: string };

const ways = ['file', 'manifest', 'csv', 'ndjson', 'parquet'] as const;
const wayIn = 'Give --manifest model.json --entity NAME, or --csv|--ndjson|--parquet FILE… --segment ID, or --file event.json.';

export function sourceOf(options: PublishOptions): RefreshSource {
  const [way, other] = ways.filter((candidate) => options[candidate] !== undefined);
  const { file, manifest, entity, locations, segment, sequence } = options;
  if (way === undefined) throw usageError('There is nothing to publish.', 'No event is named.', wayIn);
  if (other !== undefined)
    throw usageError(`--${way} and --${other} exclude each other.`, 'Each of them is an event of its own.', wayIn);
  if (locations !== undefined && way !== 'manifest')
    throw usageError('--locations belongs to --manifest.', 'Other files are named where they are.', wayIn);
  if (way === 'file') {
    if ((entity ?? segment ?? sequence) === undefined) return { kind: 'event', file: file ?? '' };
    const why = 'An event from a file is sent as it is.';
    throw usageError('--entity, --segment and --sequence do not go with --file.', why, 'Change the file instead.');
  }
  if (way === 'manifest') {
    if (entity === undefined)
      throw usageError('--entity is missing.', 'A manifest may hold several entities.', 'Add --entity NAME.');
    return {
      kind: 'folder',
      format: 'cdm-csv',
      manifest: manifest ?? '',
      entity,
      locations: locations ?? [],
      segmentId: segment ?? entity,
    };
  }
  if (entity !== undefined) throw usageError('--entity belongs to --manifest.', 'Other formats have no entities.', wayIn);
  if (segment === undefined)
    throw usageError('--segment is missing.', 'The files do not say which segment they are.', 'Add --segment ID.');
  const files = options[way];
  if (files === undefined || files === true)
    throw usageError(`--${way} names no file.`, 'A segment has at least one part.', wayIn);
  return { kind: 'files', format: way, files, segmentId: segment };
}
