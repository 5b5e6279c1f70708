import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { exportStates } from '../../http/export';
import { topics } from '../../topics';

/** The state of an export after its latest change, as far as other services need it. First version. */
export const exportChangedV1 = defineMessage({
  type: 'export.changed.v1',
  topic: topics.exports.name,
  key: (data) => data.exportId,
  schema: z.looseObject({
    exportId: z.uuid(),
    version: z.int().min(1),
    state: z.enum([...exportStates, 'removed']),
    name: z.string(),
    connectionId: z.uuid().nullable(),
    listId: z.string(),
    segmentIds: z.array(z.string()),
    mode: z.enum(['add', 'mirror']),
    changedAt: z.iso.datetime(),
  }),
});

export type ExportChangedV1 = MessageData<typeof exportChangedV1>;
