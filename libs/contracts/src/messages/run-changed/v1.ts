import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { runSchema } from '../../http/run';
import { topics } from '../../topics';

/** A run as the HTTP interface shows it, after a change of status, phase or outcome; for observers. First version. */
export const runChangedV1 = defineMessage({
  type: 'export.run-changed.v1',
  topic: topics.runs.name,
  key: (data) => data.run.exportId,
  schema: z.looseObject({ version: z.int().min(1), run: runSchema }),
});

export type RunChangedV1 = MessageData<typeof runChangedV1>;
