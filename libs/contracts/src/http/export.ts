import { z } from 'zod';
import { personSchema } from './attention';
import { runReasonSchema, runStatuses, runTriggers } from './run';

/** PostgreSQL stores no NUL, and no half of a surrogate pair in its JSON. */
const text = (charsMax: number) =>
  z
    .string()
    .min(1)
    .max(charsMax)
    .regex(/^[^\0\p{Cs}]*$/u);

const column = text(512);

/** Which snapshot column feeds which Klaviyo field. Values are column names. */
export const mappingSchema = z.strictObject({
  email: column,
  firstName: column.optional(),
  lastName: column.optional(),
  phoneNumber: column.optional(),
  externalId: column.optional(),
  organization: column.optional(),
  title: column.optional(),
  locale: column.optional(),
  image: column.optional(),
  location: z
    .strictObject({
      address1: column.optional(),
      address2: column.optional(),
      city: column.optional(),
      region: column.optional(),
      country: column.optional(),
      zip: column.optional(),
      timezone: column.optional(),
    })
    .optional(),
  /** Custom Klaviyo property → column. */
  properties: z.record(text(200), column).optional(),
});
export type Mapping = z.infer<typeof mappingSchema>;

export const exportStates = ['active', 'paused', 'detached', 'needs_attention'] as const;

const fields = z.object({
  id: z.string(),
  name: z.string(),
  connectionId: z.string().nullable(),
  listId: z.string(),
  segmentIds: z.array(z.string()),
  mapping: mappingSchema,
  mode: z.enum(['add', 'mirror']),
  schedule: z.object({ on: z.enum(['refresh', 'cron', 'manual']) }),
  state: z.enum(exportStates),
  attention: z.object({ code: z.string(), detail: z.string(), remedy: z.string() }).nullable(),
  list: z.object({
    name: z.string().nullable(),
    checked: z.boolean(),
    /** Why it is not checked: klaviyo-sink or Klaviyo is away, the key is refused, … */
    problem: runReasonSchema.nullable().optional(),
  }),
  nextRunFull: z.boolean(),
  lastRun: z
    .object({ id: z.string(), status: z.enum(runStatuses), trigger: z.enum(runTriggers), finishedAt: z.string().nullable() })
    .nullable(),
  yourPermissions: z.enum(['edit', 'view']),
  createdAt: z.string(),
  createdBy: personSchema,
  updatedAt: z.string(),
  updatedBy: personSchema,
});
export type Export = z.infer<typeof fields>;

const ada = { sub: 'ada', name: 'Ada' };
const at = '2026-11-24T02:15:44.000Z';
const example: Export = {
  id: '0199a2b4-0000-7000-8000-00000000000b',
  name: 'High value',
  connectionId: '0199a2b4-0000-7000-8000-00000000000a',
  listId: 'LST001',
  segmentIds: ['HighValueSegment'],
  mapping: { email: 'Email', firstName: 'FirstName', properties: { 'Loyalty points': 'LoyaltyPoints' } },
  mode: 'add',
  schedule: { on: 'refresh' },
  state: 'active',
  attention: null,
  list: { name: 'Newsletter', checked: true, problem: null },
  nextRunFull: true,
  lastRun: { id: '0199a2b4-0000-7000-8000-00000000000c', status: 'succeeded', trigger: 'refresh', finishedAt: at },
  yourPermissions: 'edit',
  createdAt: at,
  createdBy: ada,
  updatedAt: at,
  updatedBy: ada,
};

export const exportSchema = fields.meta({ example });
