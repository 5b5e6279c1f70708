import { topics } from '@courier/contracts';
import { type GeneratedSegment, generateSegment, refreshOf, sampleMapping, type SegmentOptions } from '@courier/sample-segment';
import { publishEvent, randomName } from '@courier/testing';
import { join } from 'node:path';
import { stack } from './stack';

export { sampleMapping };

let sequence = Date.now();

/** A Customer Insights folder below the stack's snapshot root, under a segment id that nobody else uses. */
export function generate(options: Partial<SegmentOptions> & { people: number }): Promise<GeneratedSegment> {
  const entity = randomName('Segment').replace('-', '');
  return generateSegment({ dir: join(stack().snapshotRoot, entity), entity, partitions: 2, ...options });
}

export type RefreshEvent = ReturnType<typeof refreshOf>;

interface Refreshing {
  change?: (event: RefreshEvent) => object;
  id?: string;
  headers?: Record<string, string>;
}

/** Tells the system about the segment as upstream does; `change` alters the event first. Returns the event's id. */
export function refresh(segment: GeneratedSegment, { change = (event) => event, ...named }: Refreshing = {}): Promise<string> {
  sequence += 1;
  const { environmentId, kafkaBrokers } = stack();
  const event = refreshOf({ segment, environmentId, refreshId: randomName('refresh'), sequence, completedAt: new Date() });
  const { name: topic } = topics.segmentRefreshes;
  const record = { topic, key: segment.entity, type: 'segment.refreshed.v1', data: change(event), ...named };
  return publishEvent(kafkaBrokers.split(','), record);
}

/** The figures that a full run of this segment must show when Klaviyo takes everybody, for a first run into the list. */
export function expectedCounts({ expected }: GeneratedSegment) {
  return {
    snapshotRows: expected.rows,
    duplicates: expected.duplicates,
    invalid: expected.invalid,
    excluded: 0,
    unchanged: 0,
    toAdd: expected.distinctValid,
    toChange: 0,
    toRemove: 0,
    accepted: expected.distinctValid,
    rejected: 0,
    unconfirmed: 0,
    withheld: 0,
    notAttempted: 0,
  };
}
