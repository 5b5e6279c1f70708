import { z } from 'zod';
import { faultKinds } from '../../../domain/faults';
import { bucketTiers, operationNames } from '../../../domain/operations';

const id = z.string().regex(/^\w{1,40}$/);
const bucket = z.enum(Object.keys(bucketTiers) as [string, ...string[]]);
const count = z.int().min(0).max(1_000_000_000);
const DAY_MS = 86_400_000;
const waitMs = z.number().min(0).max(DAY_MS);

const account = z.strictObject({
  id,
  name: z.string().max(200).optional(),
  smsEnabled: z.boolean().optional(),
  keys: z
    .array(
      z.strictObject({ key: z.string().regex(/^[\x21-\x7e]{4,200}$/), scopes: z.union([z.literal('all'), z.array(z.string())]) }),
    )
    .max(100)
    .optional(),
  lists: z
    .array(
      z.strictObject({
        id,
        name: z.string().max(200).nullable(),
        optInProcess: z.enum(['double_opt_in', 'single_opt_in']).nullable().optional(),
        flows: z.array(z.strictObject({ id, name: z.string(), status: z.string() })).optional(),
      }),
    )
    .max(1000)
    .optional(),
  profiles: z
    .array(
      z.strictObject({
        email: z.string().min(3).max(100),
        consent: z.enum(['SUBSCRIBED', 'UNSUBSCRIBED', 'NEVER_SUBSCRIBED']).optional(),
        lists: z.array(id).optional(),
      }),
    )
    .max(100_000)
    .optional(),
});

export const knobsSchema = z
  .strictObject({
    missingRevision: z.enum(['refuse', 'accept']),
    invalidKeyStatus: z.union([z.literal(401), z.literal(400)]),
    retiredRevisions: z.array(z.string().max(40)).max(100),
    tooLargeBody: z.enum(['json', 'html']),
    bodyBytesMax: count.max(50_000_000),
    profileBytesMax: count,
    profilesMax: count,
    filterAnyMax: count,
    validationErrors: z.enum(['all', 'first']),
    badPhoneBesideEmail: z.enum(['drop', 'import_error', 'refuse']),
    badLocaleOrImage: z.enum(['refuse', 'accept']),
    identifierConflict: z.enum(['import_error', 'keep_email']),
    duplicateRows: z.enum(['keep_first', 'keep_last']),
    totalCountWhileQueued: z.enum(['known', 'zero']),
    completedCount: z.enum(['without_failed', 'with_failed']),
    importErrorPayload: z.enum(['attributes', 'resource', 'none']),
    importErrorPointer: z.enum(['row', 'data']),
    membershipDelayMs: waitMs,
    jobLifetimeMs: z
      .number()
      .min(0)
      .max(365 * DAY_MS),
  })
  .partial();

export const jobRulesSchema = z
  .strictObject({
    queueDelayMs: waitMs,
    msPerThousand: waitMs,
    failEmails: z
      .array(z.string())
      .max(100_000)
      .transform((emails): ReadonlySet<string> => new Set(emails.map((email) => email.toLowerCase()))),
    failEvery: count,
    stuck: z.union([z.literal(false), z.enum(['queued', 'processing'])]),
    cancelled: z.boolean(),
  })
  .partial();

const limits = z.strictObject({ enabled: z.boolean() });

export const seedSchema = z.strictObject({
  accounts: z.array(account).max(100),
  knobs: knobsSchema.optional(),
  jobRules: jobRulesSchema.optional(),
  limits: limits.optional(),
});

export const stateSchema = z.strictObject({
  reset: z.boolean().optional(),
  accounts: z.array(account).max(100).optional(),
});

const tier = z.strictObject({ burst: z.int().min(0).max(1_000_000), steady: z.int().min(0).max(1_000_000) });

export const limitsSchema = z.strictObject({
  enabled: z.boolean().optional(),
  /** Replaces all tiers that were set before; a bucket left out has its real one again. */
  operations: z.partialRecord(bucket, tier).optional(),
});

export const consumeSchema = z.strictObject({ account: id, operation: bucket, count: z.int().min(1).max(1_000_000) });

const fault = z
  .strictObject({
    operation: z.enum([...operationNames, '*']),
    times: z.int().min(1).max(1_000_000).default(1),
    kind: z.enum(faultKinds),
    account: id.optional(),
    after: z.int().min(0).max(1_000_000).optional(),
    status: z.int().min(200).max(599).optional(),
    retryAfter: z.int().min(0).max(86_400).optional(),
    body: z.string().max(1_000_000).optional(),
    delayMs: waitMs.optional(),
  })
  .superRefine((order, context) => {
    if (order.kind === 'status' && order.status === undefined) {
      context.addIssue({ code: 'custom', path: ['status'], message: 'a fault of kind status needs a status' });
    }
    if (order.kind === 'delay' && order.delayMs === undefined) {
      context.addIssue({ code: 'custom', path: ['delayMs'], message: 'a fault of kind delay needs delayMs' });
    }
    for (const name of ['status', 'retryAfter'] as const) {
      if (order.kind !== 'status' && order[name] !== undefined) {
        context.addIssue({ code: 'custom', path: [name], message: `only a fault of kind status takes ${name}` });
      }
    }
  });

export const faultsSchema = z.union([fault.transform((order) => [order]), z.array(fault).min(1).max(1000)]);
