import { epochOf } from './commit-metadata';

/**
 * What to do with a partition when it is assigned, and again whenever a batch does not start where it should. PostgreSQL holds the
 * truth about the position; Kafka's committed offset is the operator's signal. A commit of ours carries metadata, the stock tools
 * leave it empty, and that is how a crash and an operator's rewind are told apart.
 */
export interface GateInput {
  topicClass: 'work' | 'fact' | 'state';
  /** Kafka's committed offset and metadata; null when there is none. */
  committed: { offset: bigint; metadata: string } | null;
  logStart: bigint;
  logEnd: bigint;
  /** Our position in PostgreSQL and its highest value ever; null before the first start. */
  position: { next: bigint; highest: bigint } | null;
  /** The decision of which only the first phase is known to have happened. */
  unclaimed: { epoch: number; from: bigint } | null;
  /** The epoch that the next record would belong to. */
  open: { epoch: number; to: bigint } | null;
  /** Whether a replay of the partition was read or is being read, and nobody has ended it. */
  replayed: boolean;
  /** What an administrator has asked for and nobody has done yet. */
  command: GateCommand | null;
  /** Of the command `replay`: where it is to begin. */
  wanted: bigint | null;
}

export const gateCommands = ['skip', 'rewind', 'adopt', 'abort', 'replay'] as const;
export type GateCommand = (typeof gateCommands)[number];

export type MoveKind = 'rewind' | 'end' | 'skip' | 'adopt';

export type GateDecision =
  /** Go on at `offset`. `commit`: first commit it with our metadata. */
  | { kind: 'open'; offset: bigint; commit: boolean; alert: GateAlert | null; obeys: boolean }
  /** The first start of this consumer on this partition. */
  | { kind: 'begin'; offset: bigint }
  /** Claim in two phases, then go on at `from`; `to` ends the epoch of a rewind. `obeys`: an administrator has asked for it. */
  | { kind: 'move'; move: MoveKind; from: bigint; to: bigint | null; alert: GateAlert | null; obeys: boolean }
  /** The second phase of the decision of this epoch. */
  | { kind: 'claim'; epoch: number }
  /** Nothing may be read before an operator has decided. */
  | { kind: 'pause'; alert: GateAlert };

export const gateAlerts = [
  'offsets_lost',
  'database_restored',
  'retention_gap',
  'rewind_overtaken',
  'topic_truncated',
  'rewind_requested',
  'skip_requested',
] as const;

export interface GateAlert {
  code: (typeof gateAlerts)[number];
  detail: string;
}

export function decideGate(input: GateInput): GateDecision {
  const { committed, position, unclaimed } = input;
  if (position === null) return { kind: 'begin', offset: firstOffset(input) };
  if (unclaimed !== null && committed !== null && committed.offset === unclaimed.from) {
    // Only the claim's own commit carries this epoch before the claim: the crash fell between its two phases.
    if (epochOf(committed.metadata) === unclaimed.epoch) return { kind: 'claim', epoch: unclaimed.epoch };
  }
  return decideLog(input, position);
}

/** Whether the log still holds what the position means. */
function decideLog(input: GateInput, position: { next: bigint; highest: bigint }): GateDecision {
  const { committed, logStart, logEnd, command } = input;
  if (logEnd < position.highest) {
    if (command === 'adopt') return move('adopt', { from: restartOffset(input) });
    return pause(
      'topic_truncated',
      `the log ends at ${logEnd}, but ${position.highest} was reached: the topic was made anew or cut`,
    );
  }
  const isForeign = committed !== null && epochOf(committed.metadata) === null;
  if (position.next < logStart && !(isForeign && committed.offset >= logStart)) {
    if (command === 'skip') return move('skip', { from: logStart });
    return pause('retention_gap', `records ${position.next} to ${logStart - 1n} were deleted before they were read`);
  }
  if (committed === null) {
    const detail = `no committed offset; going on at ${position.next}`;
    return { ...goOn(position.next, true), alert: { code: 'offsets_lost', detail } };
  }
  return isForeign ? decideForeign(input, committed.offset, position) : decideOurs(input, committed.offset, position);
}

function decideOurs(input: GateInput, committed: bigint, position: { next: bigint; highest: bigint }): GateDecision {
  const { topicClass, open, replayed, command, wanted, logStart } = input;
  const { next, highest } = position;
  if (command === 'replay' && wanted !== null && topicClass === 'work') {
    const from = wanted < logStart ? logStart : wanted;
    if (from < next) return move('rewind', { from, to: highest });
  }
  // What the replay has led to and nobody has begun is given up with it, so it can be ended after it was read too.
  if (command === 'abort' && replayed) return move('end', { from: open?.to ?? next });
  if (committed <= next) return goOn(next, false);
  const detail = `the committed offset ${committed} is ahead of the database at ${next}: it was restored`;
  return { ...goOn(next, true), alert: { code: 'database_restored', detail } };
}

function decideForeign(input: GateInput, committed: bigint, position: { next: bigint; highest: bigint }): GateDecision {
  const { topicClass, logStart, logEnd, open, command } = input;
  const { next, highest } = position;
  if (command === 'abort' && next >= logStart) return { ...goOn(next, true), obeys: true };
  if (committed === next) return goOn(next, true);
  if (committed < next) {
    // Facts are recorded once and states only replace older ones, so reading them again is harmless and needless.
    if (topicClass !== 'work') return goOn(next, true);
    const obeys = command === 'rewind';
    if (committed >= logStart) return { ...move('rewind', { from: committed, to: highest }), obeys };
    const detail = `records ${committed} to ${logStart - 1n} were deleted; the replay begins at ${logStart}`;
    return {
      ...move('rewind', { from: logStart, to: highest }),
      obeys,
      alert: { code: 'rewind_overtaken', detail },
    };
  }
  if (open !== null && committed <= open.to) return { ...move('end', { from: committed }), obeys: command === 'skip' };
  if (command === 'skip') return move('skip', { from: committed > logEnd ? logEnd : committed });
  return pause('skip_requested', `the group was moved forward from ${next} to ${committed}; the records between would be lost`);
}

function firstOffset({ committed, logStart, logEnd }: GateInput): bigint {
  if (committed === null || committed.offset < logStart || committed.offset > logEnd) return logStart;
  return committed.offset;
}

/** In a topic that was made anew the old commit of ours means nothing; an operator's own does. */
function restartOffset({ committed, logStart, logEnd }: GateInput): bigint {
  if (committed === null || epochOf(committed.metadata) !== null) return logStart;
  return committed.offset < logStart || committed.offset > logEnd ? logStart : committed.offset;
}

function goOn(offset: bigint, commit: boolean): Extract<GateDecision, { kind: 'open' }> {
  return { kind: 'open', offset, commit, alert: null, obeys: false };
}

/** Everything but a rewind, and the end of one, is done only when an administrator asks. */
function move(
  kind: MoveKind,
  { from, to = null }: { from: bigint; to?: bigint | null },
): Extract<GateDecision, { kind: 'move' }> {
  return { kind: 'move', move: kind, from, to, alert: null, obeys: true };
}

function pause(code: GateAlert['code'], detail: string): GateDecision {
  return { kind: 'pause', alert: { code, detail } };
}
