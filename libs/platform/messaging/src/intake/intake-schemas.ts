import { storableText } from '@courier/http';
import { z } from 'zod';
import { replayVerdicts } from './replay-effect';

const at = z.string();
const offset = z.int();
const partition = { topic: z.string(), partition: z.int() };
const place = { topic: 'segment.refreshes', partition: 0 };
const who = { actor: 'ada', reason: 'the list was emptied by mistake' };
const decidedAt = '2026-11-24T02:15:44.000Z';
const range = { topic: 'segment.refreshes', since: '2026-11-24T00:00:00Z' };

const status = z.object({
  consumer: z.string(),
  partitions: z.array(
    z.object({
      ...partition,
      position: offset,
      highest: offset,
      generation: z.int(),
      paused: z.object({ code: z.string(), detail: z.string(), since: at }).nullable(),
    }),
  ),
  epochs: z.array(
    z.object({
      ...partition,
      epoch: z.int(),
      from: offset,
      to: offset,
      position: offset,
      state: z.enum(['unclaimed', 'reading', 'read', 'closed']),
      actor: z.string().nullable(),
      reason: z.string().nullable(),
      decidedAt: at,
    }),
  ),
  journal: z.array(
    z.object({
      ...partition,
      code: z.string(),
      detail: z.string(),
      epoch: z.int().nullable(),
      actor: z.string().nullable(),
      reason: z.string().nullable(),
      at,
    }),
  ),
});

export const intakeStatusSchema = status.meta({
  example: {
    consumer: 'export-orchestrator',
    partitions: [{ ...place, position: 1423, highest: 1423, generation: 0, paused: null }],
    epochs: [{ ...place, epoch: 1, from: 1400, to: 1423, position: 1423, state: 'read', ...who, decidedAt }],
    journal: [{ ...place, code: 'rewind', detail: 'records 1400 to 1422 once more', epoch: 1, ...who, at: decidedAt }],
  } satisfies z.infer<typeof status>,
});

const reason = storableText(500);

export const commandSchema = z
  .strictObject({
    topic: storableText(249),
    partition: z.int().min(0),
    /** skip: go on where the group was moved, or behind what retention took. adopt: a topic that was made anew. */
    command: z.enum(['skip', 'rewind', 'adopt', 'abort']),
    reason,
  })
  .meta({ example: { ...place, command: 'skip', reason: who.reason } });

export const answerSchema = z.object({ answer: z.enum(['done', 'asked']) }).meta({ example: { answer: 'done' } });

const how = {
  /** Also what is older than the newest that was delivered. */
  force: z.boolean().default(false),
  /** Only what has not ended well. */
  unfinishedOnly: z.boolean().default(false),
};

/** Without `since` from the log's start on. */
const replayRange = z.strictObject({ topic: storableText(249), since: z.iso.datetime().optional() });

export const replayRangeSchema = replayRange.extend(how).meta({ example: range });

const readAgain = z.object({
  topic: z.string(),
  partitions: z.array(z.object({ partition: z.int(), from: offset, to: offset, records: z.int() })),
  records: z.int(),
  recordsMax: z.int(),
  needsApproval: z.boolean(),
});
const readAgainExample = {
  topic: 'segment.refreshes',
  partitions: [{ partition: 0, from: 1400, to: 1423, records: 23 }],
  records: 23,
  recordsMax: 10_000,
  needsApproval: false,
};
const exportId = '019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d';
const runId = '5f0c2d6e-8a41-5b77-9e3c-2f1d0c9b8a76';

export const startedReplaySchema = readAgain.meta({ example: readAgainExample });

export const replayPlanSchema = readAgain
  .extend({
    effects: z.array(
      z.object({
        verdict: z.enum(replayVerdicts),
        exportId: z.string().nullable(),
        runId: z.string().nullable(),
        records: z.int(),
        detail: z.string().nullable(),
      }),
    ),
    /** How many more effects there are than are listed. */
    effectsOmitted: z.int(),
  })
  .meta({
    example: {
      ...readAgainExample,
      effects: [{ verdict: 'runs', exportId, runId, records: 1, detail: 'sequence 1423 of HighValueSegment' }],
      effectsOmitted: 0,
    },
  });

export const startReplaySchema = replayRange
  .extend({
    reason,
    ...how,
    /** More records than the limit are meant. */
    approved: z.boolean().default(false),
  })
  .meta({ example: { ...range, reason: who.reason } });
