import type { Run, RunCounts } from '@courier/contracts';
import { fieldTable, grouped, listTable, numberTable, shortTime } from '../tables';
import type { Batch } from './batch';
import type { WaitingField } from './waiting';

const NAMES_SHOWN = 5;

/** A run with everything that there is to say about it. */
export function runText(run: Run, batches: readonly Batch[], waiting: readonly WaitingField[]): string {
  return [factsOf(run, waiting), outcomeText(run), batchTable(batches)].join('\n\n');
}

/** The counts and the reasons behind them. */
export function outcomeText(run: Run): string {
  const parts = [countsText(run.counts)];
  addReasons(parts, 'Invalid rows', Object.entries(run.invalidReasons));
  addReasons(parts, 'Rejected by Klaviyo', Object.entries(run.rejectedReasons));
  addReasons(
    parts,
    'Warnings',
    run.warnings.map(({ code, count, columns }) => [columns ? `${code} (${briefly(columns)})` : code, count]),
  );
  return parts.join('\n\n');
}

function briefly(names: readonly string[]): string {
  const [shown, left] = [names.slice(0, NAMES_SHOWN), names.length - NAMES_SHOWN];
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ');
}

function addReasons(parts: string[], title: string, reasons: readonly [string, number][]): void {
  if (reasons.length > 0) parts.push(`${title}\n${indented(numberTable(reasons))}`);
}

/** The two sums of the accounting law, each above the counts that it must equal. */
export function countsText(counts: RunCounts): string {
  const { duplicates, invalid, excluded, unchanged, toAdd, toChange, toRemove } = counts;
  const { accepted, rejected, unconfirmed, withheld, notAttempted } = counts;
  const rows = { duplicates, invalid, excluded, unchanged, 'to add': toAdd, 'to change': toChange };
  const outcomes = { accepted, rejected, unconfirmed, withheld, 'not attempted': notAttempted };
  const planned = toAdd + toChange + toRemove;
  return [
    sumText(`Snapshot rows ${grouped(counts.snapshotRows)}`, counts.snapshotRows, rows),
    sumText(
      `To deliver ${grouped(planned)} (add ${grouped(toAdd)}, change ${grouped(toChange)}, remove ${grouped(toRemove)})`,
      planned,
      outcomes,
    ),
  ].join('\n\n');
}

function sumText(title: string, whole: number, parts: Record<string, number>): string {
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  const verdict = sum === whole ? '' : ` - DOES NOT ADD UP: the counts below make ${grouped(sum)}`;
  return `${title}${verdict}\n${indented(numberTable(Object.entries(parts)))}`;
}

export function reasonLine({ reason }: Pick<Run, 'reason'>): string | null {
  return reason === null ? null : `${reason.detail} (${reason.code})`;
}

function factsOf(run: Run, waiting: readonly WaitingField[]): string {
  const { snapshots, batches } = run;
  return fieldTable([
    ['Run', run.id],
    ['Export', run.exportId],
    ['Status', `${run.status} (${run.displayStatus})`],
    ['Reason', reasonLine(run)],
    ['Remedy', run.reason?.remedy],
    ...waiting,
    ['Phase', run.phase],
    ['Kind', run.kind],
    ['Trigger', run.startedBy === null ? run.trigger : `${run.trigger}, by ${run.startedBy}`],
    ['Snapshots', snapshots.map(({ segmentId, sequence }) => `${segmentId} #${sequence}`).join(', ')],
    ['Batches', `${batches.finished} of ${batches.total} finished`],
    ['Created', shortTime(run.createdAt)],
    ['Started', shortTime(run.startedAt)],
    ['Finished', shortTime(run.finishedAt)],
  ]);
}

function batchTable(batches: readonly Batch[]): string {
  const rows = batches.map(({ number, operation, rows: size, status, accepted, rejected, attempts, jobIds, error }) => {
    const counted = [size, accepted, rejected].map(grouped);
    return [number, operation, status, ...counted, attempts, jobIds.join(' '), error?.code];
  });
  const head = ['batch', 'operation', 'status', 'rows', 'accepted', 'rejected', 'attempts', 'jobs', 'error'];
  return listTable(head, rows, 'There are no batches.');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
