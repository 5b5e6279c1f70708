import type { RunRecord } from './run';
import { isTerminal } from './run-status';

export interface StoryLine {
  text: string;
  facts: Record<string, string | number | null | undefined>;
}

/** The next line of a run's story for the log, or null where a change is none of its steps. `before` is null for a new run. */
export function nextLine(before: RunRecord | null, run: RunRecord): StoryLine | null {
  const facts = { runId: run.id, exportId: run.exportId, connectionId: run.connectionId };
  if (isTerminal(run.status) && (before === null || !isTerminal(before.status))) {
    return { text: 'Run finished', facts: { ...facts, ...resultOf(run) } };
  }
  if (before === null) return { text: 'Run created', facts: { ...facts, trigger: run.trigger } };
  if (run.plan !== null && before.plan === null) return { text: 'Run planned', facts: { ...facts, ...planOf(run) } };
  if (run.attempt !== before.attempt) return { text: 'Run is being planned', facts: { ...facts, attempt: run.attempt } };
  if (run.stopReason !== null && before.stopReason === null) {
    return { text: 'Run is stopped', facts: { ...facts, code: run.stopReason.code } };
  }
  if (run.waiting?.reason !== before.waiting?.reason) {
    if (run.waiting === null) return { text: 'Run waits no longer', facts };
    return { text: 'Run waits', facts: { ...facts, reason: run.waiting.reason } };
  }
  if (run.phase === 'finishing' && before.phase !== 'finishing') return { text: 'Run has all its outcomes', facts };
  if (run.status !== before.status) return { text: 'Run changed', facts: { ...facts, status: run.status } };
  return null;
}

function planOf({ counts, batchesTotal }: RunRecord) {
  const { snapshotRows, duplicates, invalid, unchanged, toAdd, toChange, toRemove } = counts;
  return { snapshotRows, duplicates, invalid, unchanged, toAdd, toChange, toRemove, batches: batchesTotal };
}

function resultOf({ status, reason, counts }: RunRecord) {
  const { accepted, rejected, unconfirmed, notAttempted } = counts;
  return { status, code: reason?.code, accepted, rejected, unconfirmed, notAttempted };
}
