import type { operations } from '../generated/export-orchestrator';
import { grouped, listTable, shortTime } from '../tables';

type Answers<Name extends 'intakeStatus' | 'intakePlan' | 'replaysPlan'> =
  operations[Name]['responses'][200]['content']['application/json'];

export type IntakeStatus = Answers<'intakeStatus'>;
/** What a reset to a time would read once more, and what would come of it. */
export type ReplayPlan = Answers<'intakePlan'>;
export type ReplayRange = Omit<ReplayPlan, 'effects' | 'effectsOmitted'>;
export type ReplayCandidates = Answers<'replaysPlan'>;

export function rangeText({ topic, partitions, records, recordsMax, needsApproval }: ReplayRange): string {
  const rows = partitions.map(({ partition, from, to, records: count }) => [`${topic}/${partition}`, from, to, grouped(count)]);
  const table = listTable(['partition', 'from', 'to', 'records'], rows, 'There is nothing to read once more.');
  const limit = needsApproval ? `\nMore than REPLAY_MAX_RECORDS (${grouped(recordsMax)}): it wants --approve.` : '';
  return `${table}\n\n${grouped(records)} records in all.${limit}`;
}

/** The words beside the verdicts of a plan. */
const meanings: Record<ReplayPlan['effects'][number]['verdict'], string> = {
  runs: 'runs again, for everybody in its snapshots',
  sends: 'is sent again to Klaviyo',
  continues: 'has not ended, and goes on',
  superseded: 'does not: something newer brings the same',
  stale: 'does not: something newer was delivered (--force)',
  skipped: 'does not: upstream did not succeed',
  kept: 'does not: it has ended well',
  expired: 'cannot: what it would be read from is not kept any more',
  stopped: 'does not: its run was canceled, or its connection is gone',
  ignored: 'does nothing',
  put_aside: 'cannot be used',
  unknown: 'cannot be foreseen',
};

export function planText(plan: ReplayPlan): string {
  const { effects, effectsOmitted, ...range } = plan;
  if (range.records === 0) return rangeText(range);
  const rows = effects.map(({ verdict, exportId, runId, records, detail }) => [
    verdict,
    exportId,
    runId,
    grouped(records),
    detail,
  ]);
  const seen = [...new Set(effects.map(({ verdict }) => verdict))];
  const sums = seen.map((verdict) => {
    const records = effects.filter((one) => one.verdict === verdict).reduce((sum, one) => sum + one.records, 0);
    return [verdict, grouped(records), meanings[verdict]];
  });
  const omitted = effectsOmitted === 0 ? [] : [`... and ${grouped(effectsOmitted)} more, which the sums leave out.`];
  const what = [listTable(['would', 'export', 'run', 'records', 'what'], rows, ''), ...omitted];
  return [rangeText(range), '', ...what, '', listTable(['would', 'records', 'meaning'], sums, '')].join('\n');
}

/** `held`: ids of runs that have not begun; null where batches are replayed and not refreshes. */
export function abortText(epochs: IntakeStatus['epochs'], held: string[] | null): string {
  const [first] = epochs;
  if (first === undefined) return 'No replay is open: nothing would be done.';
  const lines = epochs.map(({ topic, partition, from, to, position, state }) => {
    return `  ${topic}/${partition}: ${grouped(position - from)} of ${grouped(to - from)} records read${state === 'read' ? ', to its end' : ''}`;
  });
  const runs = held ?? [];
  const given =
    held === null
      ? 'Batches of it that are not on their way to Klaviyo would not be sent, and count as not attempted.'
      : `${runs.length === 0 ? 'No run of it waits; none would be canceled.' : 'Its runs that have not begun would be canceled:'}`;
  return [
    `Replay ${first.epoch} would be ended:`,
    ...lines,
    given,
    ...runs.map((id) => `  ${id}`),
    'What has begun goes on to its end. Nothing was done. With --yes it is ended.',
  ].join('\n');
}

export function candidatesText({ runs }: ReplayCandidates): string {
  const rows = runs.map(({ runId, exportId, status, createdAt, verdict, detail }) => {
    return [runId, exportId, status, shortTime(createdAt), detail === null ? verdict : `${verdict}: ${detail}`];
  });
  return listTable(['newest run', 'export', 'status', 'made at', 'would'], rows, 'No run fits.');
}

export function statusText({ consumer, partitions, epochs, journal }: IntakeStatus): string {
  const paused = partitions.filter((one) => one.paused !== null);
  return [
    `Partitions of ${consumer} that wait for a decision:`,
    listTable(
      ['partition', 'position', 'code', 'since', 'detail'],
      paused.map(({ topic, partition, position, paused: why }) => {
        return [`${topic}/${partition}`, position, why?.code, shortTime(why?.since), why?.detail];
      }),
      '  none',
    ),
    '',
    'Replays, newest first:',
    listTable(
      ['epoch', 'partition', 'range', 'position', 'state', 'by', 'reason'],
      epochs.map(({ epoch, topic, partition, from, to, position, state, actor, reason }) => {
        return [epoch, `${topic}/${partition}`, `${from}-${to - 1}`, position, state, actor, reason];
      }),
      '  none',
    ),
    '',
    'What happened, newest first:',
    listTable(
      ['at', 'partition', 'what', 'by', 'detail'],
      journal.slice(0, 20).map(({ at, topic, partition, code, actor, detail }) => {
        return [shortTime(at), partition < 0 ? topic : `${topic}/${partition}`, code, actor, detail];
      }),
      '  nothing',
    ),
  ].join('\n');
}
