import { runStatuses } from '@courier/contracts';
import { storableText } from '@courier/http';
import { z } from 'zod';

const selection = {
  runId: z.uuid().optional(),
  exportId: z.uuid().optional(),
  segmentId: storableText(200).optional(),
  /** Of the runs' creation. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  /** Also what is older than the newest that was delivered. */
  force: z.boolean().default(false),
  /** Only what has not ended well. */
  unfinishedOnly: z.boolean().default(false),
};

const exportId = '019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d';
const runId = '5f0c2d6e-8a41-5b77-9e3c-2f1d0c9b8a76';

export const replaySelectionSchema = z.strictObject(selection).meta({ example: { exportId } });

export const startReplayRunsSchema = z
  .strictObject({ ...selection, reason: storableText(500) })
  .meta({ example: { exportId, reason: 'the list was emptied by mistake' } });

export const replayCandidatesSchema = z
  .object({
    runs: z.array(
      z.object({
        runId: z.string(),
        exportId: z.string(),
        status: z.enum(runStatuses),
        createdAt: z.string(),
        verdict: z.enum(['runs', 'stale', 'ended_well', 'not_ended', 'no_export']),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({
    example: {
      runs: [{ runId, exportId, status: 'succeeded', createdAt: '2026-11-24T02:15:44.000Z', verdict: 'runs', detail: null }],
    },
  });

export const startedReplaySchema = z.object({ runIds: z.array(z.string()) }).meta({ example: { runIds: [runId] } });
