import { z } from 'zod';
import type { KlaviyoAccountRef } from '../../domain/account';
import { type ImportError, type ImportJob, normalisedEmail } from '../../domain/import-job';
import type { KlaviyoList, KlaviyoPage } from '../../ports/klaviyo-api';

/** Only the fields that we need, everything else tolerated: Klaviyo calls new fields and new enum values non-breaking. */
const text = z.string();
const count = z.number().int().nullish();

export const errorEnvelope = z.object({
  errors: z
    .array(
      z.object({
        code: text.catch('invalid'),
        detail: text.catch(''),
        source: z.object({ pointer: text.nullish() }).nullish().catch(null),
      }),
    )
    .min(1),
});

const links = z.object({ next: text.nullish() }).nullish();

function page<S extends z.ZodType>(item: S) {
  return z
    .object({ data: z.array(item), links })
    .transform((body): KlaviyoPage<z.output<S>> => ({ items: body.data, nextCursor: cursorOf(body.links?.next) }));
}

/** `next` is a full URL; only its cursor is used, so that no answer can send the key to another host. */
function cursorOf(next: string | null | undefined): string | null {
  if (next === null || next === undefined || !URL.canParse(next, 'https://klaviyo.invalid')) return null;
  return new URL(next, 'https://klaviyo.invalid').searchParams.get('page[cursor]');
}

const jobResource = z
  .object({
    id: text.min(1),
    attributes: z.object({
      status: text,
      created_at: z.coerce.date(),
      total_count: z.number().int(),
      completed_count: count,
      failed_count: count,
    }),
    relationships: z.object({ lists: z.object({ data: z.array(z.object({ id: text })).nullish() }).nullish() }).nullish(),
  })
  .transform(({ id, attributes, relationships }): ImportJob => ({
    id,
    status: attributes.status,
    createdAt: attributes.created_at,
    totalCount: attributes.total_count,
    completedCount: attributes.completed_count ?? null,
    failedCount: attributes.failed_count ?? null,
    listIds: relationships?.lists?.data?.map((list) => list.id) ?? null,
  }));

const listResource = z
  .object({ id: text.min(1), attributes: z.object({ name: text, opt_in_process: text.nullish() }) })
  .transform(({ id, attributes }): KlaviyoList => ({
    id,
    name: attributes.name,
    optInProcess: attributes.opt_in_process ?? null,
  }));

const accountResource = z
  .object({
    id: text.min(1),
    attributes: z.object({ contact_information: z.object({ organization_name: text.nullish() }).nullish() }).nullish(),
  })
  .transform(({ id, attributes }): KlaviyoAccountRef => ({ id, name: attributes?.contact_information?.organization_name ?? id }));

const payload = z.looseObject({ email: text.nullish(), attributes: z.looseObject({ email: text.nullish() }).nullish() });
/** Where the address lies in `original_payload` is not documented: flat, as a resource, or wrapped in `data`. */
const originalPayload = payload.extend({ data: payload.nullish() }).nullish().catch(null);

const importErrorResource = z
  .object({
    attributes: z.object({
      code: text.catch('invalid'),
      title: text.nullish(),
      detail: text.nullish(),
      original_payload: originalPayload,
    }),
  })
  .transform(({ attributes }): ImportError => {
    const original = attributes.original_payload;
    const email = original?.email ?? original?.attributes?.email ?? original?.data?.email ?? original?.data?.attributes?.email;
    return {
      code: attributes.code,
      detail: attributes.detail ?? attributes.title ?? '',
      email: email === null || email === undefined ? null : normalisedEmail(email),
    };
  });

export const accountAnswer = z
  .object({ data: z.array(accountResource).min(1) })
  .transform(({ data }) => data[0] as KlaviyoAccountRef);
export const listAnswer = z.object({ data: listResource }).transform(({ data }) => data);
export const listsAnswer = page(listResource);
export const jobAnswer = z.object({ data: jobResource }).transform(({ data }) => data);
export const jobsAnswer = page(jobResource);
export const jobIdsAnswer = page(z.object({ id: text.min(1) }).transform(({ id }) => id));
export const importErrorsAnswer = page(importErrorResource);
export const anyCollection = z.object({ data: z.array(z.unknown()) }).transform(() => null);
export const anything = z.unknown().transform(() => null);
