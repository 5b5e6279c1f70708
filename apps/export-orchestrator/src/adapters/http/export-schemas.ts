import { exportSchema, exportStates, mappingSchema, pageQuerySchema, pageSchema } from '@courier/contracts';
import { storableText } from '@courier/http';
import { z } from 'zod';
import { exportSorts } from './export-cursor';

const notSupported = (what: string) => ({
  params: { code: 'not_supported', remedy: `Leave ${what} out; this version cannot do it.` },
});

const schedule = z
  .strictObject({ on: z.enum(['refresh', 'cron', 'manual']) })
  .refine(({ on }) => on !== 'cron', {
    path: ['on'],
    message: 'A schedule of its own is not supported.',
    ...notSupported('cron'),
  })
  .transform(({ on }) => ({ on: on === 'manual' ? ('manual' as const) : ('refresh' as const) }));

const mode = z
  .enum(['add', 'mirror'])
  .refine((value) => value === 'add', { message: 'Mode mirror is not supported.', ...notSupported('mode mirror') });

const PROPERTIES_MAX = 300;

/** What may be saved. A mapping that was saved before may break it, and is planned as it stands. */
const mapping = mappingSchema
  .refine(({ properties = {} }) => Object.keys(properties).length <= PROPERTIES_MAX, {
    path: ['properties'],
    message: `A mapping takes at most ${PROPERTIES_MAX} properties.`,
    params: { code: 'too_many_properties', remedy: `Map at most ${PROPERTIES_MAX} properties.` },
  })
  .refine(({ properties = {} }) => !Object.keys(properties).some((name) => name.startsWith('$')), {
    path: ['properties'],
    message: 'Names of properties that begin with $ are Klaviyo’s own.',
    params: { code: 'property_name_reserved', remedy: 'Give the property a name that does not begin with $.' },
  });

export const createExportSchema = z
  .strictObject({
    name: storableText(200),
    connectionId: z.uuid(),
    /** The id of a list that exists in Klaviyo. */
    listId: z.string().regex(/^[A-Za-z0-9]{1,50}$/),
    segmentIds: z
      .array(storableText(200))
      .min(1)
      .max(100)
      .refine((ids) => new Set(ids).size === ids.length, 'A segment is named twice.'),
    mapping,
    mode: mode.default('add'),
    schedule: schedule.default({ on: 'refresh' }),
  })
  .meta({
    example: {
      name: 'High value',
      connectionId: '0199a2b4-0000-7000-8000-00000000000a',
      listId: 'LST001',
      segmentIds: ['HighValueSegment'],
      mapping: { email: 'Email', firstName: 'FirstName', properties: { 'Loyalty points': 'LoyaltyPoints' } },
    },
  });

/** What a PATCH may change; `connectionId: null` detaches. */
export const patchExportSchema = z
  .strictObject({
    name: createExportSchema.shape.name.optional(),
    connectionId: createExportSchema.shape.connectionId.nullable().optional(),
    listId: createExportSchema.shape.listId.optional(),
    segmentIds: createExportSchema.shape.segmentIds.optional(),
    mapping: createExportSchema.shape.mapping.optional(),
    mode: mode.optional(),
    schedule: schedule.optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, {
    message: 'Name at least one field to change.',
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ example: { listId: 'LST002', schedule: { on: 'manual' } } });

export const removedExportSchema = z.object({ id: z.string(), state: z.literal('removed'), detail: z.string() }).meta({
  example: {
    id: '0199a2b4-0000-7000-8000-00000000000b',
    state: 'removed',
    detail: 'The export runs no more. The people that it delivered stay in Klaviyo.',
  },
});

export const exportQuerySchema = pageQuerySchema.extend({
  segmentId: storableText(200).optional(),
  connectionId: z.uuid().optional(),
  state: z.enum(exportStates).optional(),
  q: storableText(200).optional(),
  sort: z.enum(exportSorts).default('-createdAt'),
});

export const exportPageSchema = pageSchema(exportSchema);
