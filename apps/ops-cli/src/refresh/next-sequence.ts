import type { OrchestratorApi } from '../ops';
import { OpsError } from '../ops-error';

const FIRST = 1;

/**
 * The sequence of a refresh that is published by hand: just above the newest one that the orchestrator knows of the segment. A clock
 * instead would make every refresh that upstream sends afterwards stale, for upstream counts from one.
 */
export async function nextSequence(api: Pick<OrchestratorApi, 'call'>, segmentId: string): Promise<number> {
  try {
    const segment = await api.call((http) => http.GET('/v1/segments/{id}', { params: { path: { id: segmentId } } }));
    // After a reset that named none, any counts.
    return (segment.newestSequence ?? 0) + 1;
  } catch (error) {
    if (error instanceof OpsError && error.code === 'segment_not_found') return FIRST;
    throw error;
  }
}
