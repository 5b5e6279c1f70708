import { durations, meter } from '@courier/telemetry';
import type { RunRecord } from '../domain/run';

const METER = 'courier.runs';
const finishedRuns = meter(METER).createCounter('courier.run.finished', {
  description: 'Runs that have ended',
  unit: '{run}',
});
const runDuration = durations(METER, 'courier.run.duration', 'From the creation of a run to its end');
const people = meter(METER).createCounter('courier.run.profiles', {
  description: 'Rows of the snapshots and people of ended runs, by what became of them',
  unit: '{profile}',
});
const shown = ['snapshotRows', 'duplicates', 'invalid', 'accepted', 'rejected', 'unconfirmed', 'notAttempted'] as const;

/** Called once for each run, when it ends. */
export function countFinishedRun({ status, trigger, counts, createdAt, finishedAt }: RunRecord): void {
  const attributes = { 'courier.run.status': status, 'courier.run.trigger': trigger };
  finishedRuns.add(1, attributes);
  if (finishedAt !== null) runDuration.record((finishedAt.getTime() - createdAt.getTime()) / 1_000, attributes);
  for (const outcome of shown) people.add(counts[outcome], { 'courier.profile.outcome': outcome });
}
