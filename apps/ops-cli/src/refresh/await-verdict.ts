import { setTimeout as sleep } from 'node:timers/promises';
import type { operations } from '../generated/export-orchestrator';
import type { OrchestratorApi } from '../ops';
import { OpsError } from '../ops-error';

/** An event as the orchestrator tells of it. */
export type HeardRefresh = operations['refreshesList']['responses'][200]['content']['application/json']['items'][number];

const WAIT_MAX_MS = 15_000;
const POLL_MS = 250;

/** What the orchestrator made of an event; null when it was not heard in time. A service that is down for a moment may come back. */
export async function awaitVerdict(
  api: Pick<OrchestratorApi, 'call'>,
  { eventId, segmentId }: { eventId: string; segmentId: string },
  waitMaxMs = WAIT_MAX_MS,
): Promise<HeardRefresh | null> {
  const deadline = Date.now() + waitMaxMs;
  while (Date.now() < deadline) {
    const heard = await findRefresh(api, eventId, segmentId);
    if (heard !== undefined) return heard;
    await sleep(Math.min(POLL_MS, waitMaxMs));
  }
  return null;
}

async function findRefresh(
  api: Pick<OrchestratorApi, 'call'>,
  eventId: string,
  segmentId: string,
): Promise<HeardRefresh | undefined> {
  try {
    const page = await api.call((http) => http.GET('/v1/refreshes', { params: { query: { segmentId } } }));
    return page.items.find((refresh) => refresh.eventId === eventId);
  } catch (error) {
    if (error instanceof OpsError && error.retryable) return undefined;
    throw error;
  }
}
