import { describe, expect, it } from '@jest/globals';
import { commitMetadata, epochOf } from './commit-metadata';
import { decideGate, type GateInput } from './gate';

const ours = (offset: bigint, epoch = 0) => ({ offset, metadata: commitMetadata(epoch) });
const foreign = (offset: bigint) => ({ offset, metadata: '' });

const base: GateInput = {
  topicClass: 'work',
  committed: ours(50n),
  logStart: 0n,
  logEnd: 100n,
  position: { next: 50n, highest: 50n },
  unclaimed: null,
  open: null,
  replayed: false,
  command: null,
  wanted: null,
};

const open = (offset: bigint, commit = false) => ({ kind: 'open', offset, commit, alert: null, obeys: false });
const rewind = (from: bigint, to: bigint) => ({ kind: 'move', move: 'rewind', from, to, alert: null, obeys: false });
const paused = (code: string) => ({ kind: 'pause', alert: { code } });
const replaying = { position: { next: 20n, highest: 50n }, open: { epoch: 3, to: 50n }, replayed: true };

describe('decideGate', () => {
  it.each<[string, Partial<GateInput>, object]>([
    ['goes on at the position after a normal stop', {}, open(50n)],
    ['goes on at the position when a crash left the commit behind', { committed: ours(40n) }, open(50n)],
    ['claims a replay for an operator’s rewind', { committed: foreign(10n) }, rewind(10n, 50n)],
    [
      'claims up to the highest position ever while an earlier replay is under way',
      { ...replaying, committed: foreign(10n) },
      rewind(10n, 50n),
    ],
    [
      'claims from the log start, and says so, when retention overtook the rewind',
      { committed: foreign(10n), logStart: 30n },
      { ...rewind(30n, 50n), alert: { code: 'rewind_overtaken' } },
    ],
    [
      'ends the replay where the operator moved the group forward inside its range',
      { ...replaying, committed: foreign(40n) },
      { kind: 'move', move: 'end', from: 40n },
    ],
    [
      'ends the replay at the very end of its range',
      { ...replaying, committed: foreign(50n) },
      { kind: 'move', move: 'end', from: 50n },
    ],
    ['pauses for a skip beyond the replay', { ...replaying, committed: foreign(51n) }, paused('skip_requested')],
    ['claims a foreign commit at the very position without a replay', { committed: foreign(50n) }, open(50n, true)],
    ['pauses for a skip forward', { committed: foreign(80n) }, paused('skip_requested')],
    [
      'goes on at the position when the offsets were lost',
      { committed: null },
      { ...open(50n, true), alert: { code: 'offsets_lost' } },
    ],
    [
      'goes on at the position of a restored database',
      { committed: ours(60n) },
      { ...open(50n, true), alert: { code: 'database_restored' } },
    ],
    ['pauses when retention took records', { logStart: 60n }, paused('retention_gap')],
    ['pauses when retention took records and the offsets', { logStart: 60n, committed: null }, paused('retention_gap')],
    ['pauses when the topic is shorter than what was read', { logEnd: 20n }, paused('topic_truncated')],
    [
      'begins at the log start without a position',
      { position: null, committed: null, logStart: 7n },
      { kind: 'begin', offset: 7n },
    ],
    [
      'begins at the committed offset without a position',
      { position: null, committed: foreign(30n) },
      { kind: 'begin', offset: 30n },
    ],
    [
      'begins at the log start when the commit lies outside the log',
      { position: null, committed: foreign(300n) },
      { kind: 'begin', offset: 0n },
    ],
    ['ignores a rewind of a fact topic', { topicClass: 'fact', committed: foreign(10n) }, open(50n, true)],
    ['ignores a rewind of a state topic', { topicClass: 'state', committed: foreign(10n) }, open(50n, true)],
    ['pauses for a skip forward of a fact topic', { topicClass: 'fact', committed: foreign(80n) }, paused('skip_requested')],
  ])('%s', (_, change, expected) => {
    expect(decideGate({ ...base, ...change })).toMatchObject(expected);
  });

  it.each<[string, Partial<GateInput>, object]>([
    ['does the second phase when the claim’s commit is there', { committed: ours(10n, 4) }, { kind: 'claim', epoch: 4 }],
    [
      'does it whatever has become of the log',
      { committed: ours(10n, 4), logStart: 30n, logEnd: 40n },
      { kind: 'claim', epoch: 4 },
    ],
    ['decides anew while the operator’s commit is still there', { committed: foreign(10n) }, rewind(10n, 50n)],
    ['follows the operator who thought better of it', { committed: foreign(50n) }, open(50n, true)],
    ['takes a commit of another epoch for what it is', { committed: ours(10n, 3) }, open(50n)],
    [
      'takes a commit elsewhere for what it is: the database was restored',
      { committed: ours(60n, 4) },
      { ...open(50n, true), alert: { code: 'database_restored' } },
    ],
    [
      'goes on at the position when the offsets were lost',
      { committed: null },
      { ...open(50n, true), alert: { code: 'offsets_lost' } },
    ],
  ])('with an unclaimed decision: %s', (_, change, expected) => {
    expect(decideGate({ ...base, unclaimed: { epoch: 4, from: 10n }, ...change })).toMatchObject(expected);
  });

  it.each<[string, Partial<GateInput>, object]>([
    [
      'skips to where the group was moved',
      { command: 'skip', committed: foreign(80n) },
      { move: 'skip', from: 80n, obeys: true },
    ],
    [
      'skips no further than the log goes',
      { command: 'skip', committed: foreign(180n) },
      { move: 'skip', from: 100n, obeys: true },
    ],
    ['skips what retention took', { command: 'skip', logStart: 60n }, { move: 'skip', from: 60n, obeys: true }],
    [
      'skips to the operator’s offset beyond what retention took',
      { command: 'skip', logStart: 60n, committed: foreign(70n) },
      { move: 'skip', from: 70n, obeys: true },
    ],
    [
      'adopts a topic that was made anew from its start',
      { command: 'adopt', logEnd: 20n },
      { move: 'adopt', from: 0n, obeys: true },
    ],
    [
      'adopts it from the operator’s offset',
      { command: 'adopt', logEnd: 20n, committed: foreign(5n) },
      { move: 'adopt', from: 5n, obeys: true },
    ],
    ['knows that a rewind is wanted', { command: 'rewind', committed: foreign(10n) }, { move: 'rewind', from: 10n, obeys: true }],
    ['refuses a rewind', { command: 'abort', committed: foreign(10n) }, { ...open(50n, true), obeys: true }],
    ['refuses a skip', { command: 'abort', committed: foreign(80n) }, { ...open(50n, true), obeys: true }],
    [
      'ends a replay before its end',
      { command: 'abort', ...replaying, committed: ours(20n, 3) },
      { move: 'end', from: 50n, obeys: true },
    ],
    ['replays from an offset', { command: 'replay', wanted: 10n }, { move: 'rewind', from: 10n, to: 50n, obeys: true }],
    ['replays what is left of it', { command: 'replay', wanted: 10n, logStart: 30n }, { move: 'rewind', from: 30n, obeys: true }],
    ['has nothing to replay', { command: 'replay', wanted: 50n }, open(50n)],
    ['replays no facts', { command: 'replay', wanted: 10n, topicClass: 'fact' }, open(50n)],
    [
      'ends a replay that was read, where it stands',
      { command: 'abort', replayed: true },
      { kind: 'move', move: 'end', from: 50n, to: null, alert: null, obeys: true },
    ],
    ['has nothing to abort', { command: 'abort' }, open(50n)],
    ['adopts no topic that is whole', { command: 'adopt' }, open(50n)],
    ['skips nothing that can be read', { command: 'skip' }, open(50n)],
    ['cannot go on where retention took records', { command: 'abort', logStart: 60n }, paused('retention_gap')],
  ])('on command: %s', (_, change, expected) => {
    expect(decideGate({ ...base, ...change })).toMatchObject(expected);
  });

  it('treats a position that was moved back inside the log as fine while the highest one is still in it', () => {
    expect(decideGate({ ...base, position: { next: 20n, highest: 90n }, committed: ours(20n) })).toEqual(open(20n));
  });
});

describe('epochOf', () => {
  it.each([
    ['v1;epoch=7', 7],
    ['v1;something-newer', 0],
    ['', null],
    ['7', null],
  ])('reads %j', (metadata, epoch) => {
    expect(epochOf(metadata)).toBe(epoch);
  });
});
