import { z } from 'zod';

/** Where a person of a run stayed behind: before sending, at Klaviyo, or sent and neither confirmed nor refused. */
export const rejectedStages = ['invalid', 'rejected', 'unconfirmed'] as const;
export type RejectedStage = (typeof rejectedStages)[number];

export const rejectedProfileSchema = z.object({
  stage: z.enum(rejectedStages),
  /** As the snapshot has it for invalid rows, else as it was sent; masked for viewers, null where there is none. */
  email: z.string().nullable(),
  code: z.string(),
  detail: z.string(),
  /** Place in the snapshot; known for invalid rows. */
  segmentId: z.string().nullable(),
  file: z.string().nullable(),
  /** 1-based record of the file. */
  row: z.int().nullable(),
  /** Number of the batch; null for rows that were in none. */
  batch: z.int().nullable(),
  firstSeenAt: z.string(),
  /** Calls that tried to hand over the batch. */
  attempts: z.int(),
});
export type RejectedProfile = z.infer<typeof rejectedProfileSchema>;
