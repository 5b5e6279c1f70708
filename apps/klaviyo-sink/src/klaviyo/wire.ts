import { z } from 'zod';
import type { KlaviyoAccountRef } from './account';
import { type ImportError, type ImportJob, normalisedEmail } from './import-job';
import type { KlaviyoList, KlaviyoPage } from './klaviyo-api';

// Only the fields that we need, everything else tolerated: Klaviyo calls new fields and new enum values non-breaking. Null, absent and
// unreadable are one: a fact that is missing costs that fact, an element without an id that element, never the answer.

const text = z.string();
const optionalText = text.nullish().catch(null);
const count = z.number().int().nullish().catch(null);
/** RFC 3339, or without a zone, which means UTC. */
const instant = z.iso
  .datetime({ offset: true, local: true })
  .transform((written) => new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`))
  .nullish()
  .catch(null);
/** Of a resource: without them there is still its id. */
const attributes = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.object(shape).nullish().catch(null);

const unnamedError = { code: 'invalid', detail: '', source: null };
const errorEntry = z.object({
  code: text.catch(unnamedError.code),
  detail: text.catch(unnamedError.detail),
  source: attributes({ pointer: optionalText }),
});
export const errorEnvelope = z.object({ errors: z.array(errorEntry.catch(unnamedError)).min(1) });

const links = z.object({ next: text.nullish() }).nullish();

function page<S extends z.ZodType>(item: S) {
  return z.object({ data: z.array(z.unknown()), links: z.unknown().optional() }).transform((body): KlaviyoPage<z.output<S>> => {
    const read = links.safeParse(body.links);
    const items = body.data.map((element) => item.safeParse(element)).flatMap(({ data, success }) => (success ? [data] : []));
    const next = read.data?.next ?? null;
    const nextCursor = cursorOf(next);
    // A further page that nobody can ask for is one that is missing.
    const isLastTold = read.success && (next === null || nextCursor !== null);
    return { items, nextCursor, whole: isLastTold && items.length === body.data.length };
  });
}

/** `next` is a full URL; only its cursor is used, so that no answer can send the key to another host. */
function cursorOf(next: string | null): string | null {
  if (next === null || !URL.canParse(next, 'https://klaviyo.invalid')) return null;
  return new URL(next, 'https://klaviyo.invalid').searchParams.get('page[cursor]');
}

const jobResource = z
  .object({
    id: text.min(1),
    attributes: attributes({
      status: optionalText,
      created_at: instant,
      total_count: count,
      completed_count: count,
      failed_count: count,
    }),
    relationships: attributes({
      lists: attributes({
        data: z
          .array(z.object({ id: text }))
          .nullish()
          .catch(null),
      }),
    }),
  })
  .transform(({ id, attributes: job, relationships }): ImportJob => ({
    id,
    status: job?.status ?? null,
    createdAt: job?.created_at ?? null,
    totalCount: job?.total_count ?? null,
    completedCount: job?.completed_count ?? null,
    failedCount: job?.failed_count ?? null,
    listIds: relationships?.lists?.data?.map((list) => list.id) ?? null,
  }));

const listResource = z
  .object({ id: text.min(1), attributes: attributes({ name: optionalText, opt_in_process: optionalText }) })
  .transform(({ id, attributes: list }): KlaviyoList => ({
    id,
    name: list?.name || id,
    optInProcess: list?.opt_in_process ?? null,
  }));

const accountResource = z
  .object({
    id: text.min(1),
    attributes: attributes({ contact_information: attributes({ organization_name: optionalText }) }),
  })
  .transform(({ id, attributes: account }): KlaviyoAccountRef => ({
    id,
    name: account?.contact_information?.organization_name || id,
  }));

const payload = z.looseObject({ email: optionalText, attributes: attributes({ email: optionalText }) });
/** Where the address lies in `original_payload` is not documented: flat, as a resource, or wrapped in `data`. */
const originalPayload = payload
  .extend({ data: payload.nullish().catch(null) })
  .nullish()
  .catch(null);

/** Whatever an element is, it is a failure of somebody: it counts, even where it does not say of whom. */
const importErrorResource = attributes({
  attributes: attributes({
    code: optionalText,
    title: optionalText,
    detail: optionalText,
    original_payload: originalPayload,
  }),
}).transform((resource): ImportError => {
  const error = resource?.attributes;
  const original = error?.original_payload;
  const email = original?.email ?? original?.attributes?.email ?? original?.data?.email ?? original?.data?.attributes?.email;
  return {
    code: error?.code ?? unnamedError.code,
    detail: error?.detail ?? error?.title ?? '',
    email: email === null || email === undefined ? null : normalisedEmail(email),
  };
});

/** Klaviyo gives the one account of the key, in an array. */
export const accountAnswer = page(accountResource)
  .refine(({ items }) => items.length > 0)
  .transform(({ items }) => items[0] as KlaviyoAccountRef);
export const listAnswer = z.object({ data: listResource }).transform(({ data }) => data);
export const listsAnswer = page(listResource);
export const jobAnswer = z.object({ data: jobResource }).transform(({ data }) => data);
export const jobsAnswer = page(jobResource);
export const jobIdsAnswer = page(z.object({ id: text.min(1) }).transform(({ id }) => id));
export const importErrorsAnswer = page(importErrorResource);
export const anyCollection = z.object({ data: z.array(z.unknown()) }).transform(() => null);
export const anything = z.unknown().transform(() => null);
