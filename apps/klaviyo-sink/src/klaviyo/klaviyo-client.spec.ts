import { describe, expect, it } from '@jest/globals';
import type { Answer } from './answer';
import { answerSchema, changedAnswer, errorSchema, fullAnswer, type Place, placesOf } from '../testing/klaviyo-answers';
import { KlaviyoClient } from './klaviyo-client';
import { KlaviyoTransport, type RawAnswer } from './transport';

const credential = { apiKey: 'pk_any' };

/** Answers every call with one body. */
class AnsweringTransport extends KlaviyoTransport {
  constructor(
    private readonly status: number,
    private readonly body: unknown,
  ) {
    super({ baseUrl: 'https://a.klaviyo.com', revision: '2026-07-15', callTimeoutMs: 1_000, connectionsMax: 1 });
  }

  override send(): Promise<RawAnswer> {
    const header = (name: string) => (name === 'content-type' ? 'application/vnd.api+json' : null);
    return Promise.resolve({ kind: 'response', status: this.status, header, body: JSON.stringify(this.body) });
  }
}

/** What makes an answer an answer, and an element an element: nothing can be concluded without them. */
const FRAME = new Set(['data', 'data.id', 'data.0.id']);
const importRequest = { listId: 'LST001', profiles: Buffer.from('{}') };
const JOBS = '/api/profile-bulk-import-jobs';

/** Every call of the client that reads its answer. */
const operations = [
  ['accounts', answerSchema('/api/accounts', 'get'), (api) => api.getAccount(credential)],
  ['lists', answerSchema('/api/lists', 'get'), (api) => api.getLists(credential, { limit: 10, cursor: null })],
  ['a list', answerSchema('/api/lists/{id}', 'get'), (api) => api.getList(credential, 'LST001')],
  ['the look at profiles', answerSchema('/api/profiles', 'get'), (api) => api.probeProfiles(credential)],
  ['an accepted import', answerSchema(JOBS, 'post'), (api) => api.importProfiles(credential, importRequest)],
  ['running jobs', answerSchema(JOBS, 'get'), (api) => api.getRunningJobs(credential, null)],
  ['the newest jobs', answerSchema(JOBS, 'get'), (api) => api.getNewestJobs(credential, null)],
  ['a job', answerSchema(`${JOBS}/{job_id}`, 'get'), (api) => api.getJob(credential, 'JOB001')],
  ['import errors', answerSchema(`${JOBS}/{id}/import-errors`, 'get'), (api) => api.getImportErrors(credential, 'JOB001', null)],
] as [string, ReturnType<typeof answerSchema>, (api: KlaviyoClient) => Promise<Answer<unknown>>][];

describe.each(operations)('the answer about %s', (_name, schema, call) => {
  const full = fullAnswer(schema);
  const read = (body: unknown, status = 200) => call(new KlaviyoClient(new AnsweringTransport(status, body)));
  const whole = read(full).then(factsOf);
  const places = placesOf(schema).filter(({ place }) => !FRAME.has(place.join('.')));
  const missing = places.filter(({ mayBeMissing }) => mayBeMissing);

  it('has places that may be null or absent', async () => {
    expect((await read(full)).kind).toBe('ok');
    expect(missing.length).toBeGreaterThan(2);
  });

  it.each(missing.map(({ place }) => [place.join('.'), place] as const))(
    'is usable with %s null or absent',
    async (_at, place) => {
      for (const value of [null, undefined]) {
        const facts = factsOf(await read(changedAnswer(full, place, value)));
        expect(lostFacts(place, await whole, facts)).toEqual([]);
      }
    },
  );

  it('is usable with anything else null or of another type, the id alone excepted', async () => {
    for (const { place } of places) {
      for (const value of [null, undefined, 5, {}, [null], 'some words']) {
        const facts = factsOf(await read(changedAnswer(full, place, value)));
        expect([place.join('.'), value, lostFacts(place, await whole, facts)]).toEqual([place.join('.'), value, []]);
      }
    }
  });
});

describe.each(operations.filter(([name]) => !['a list', 'a job', 'an accepted import'].includes(name)))(
  'an odd element among %s',
  (_name, schema, call) => {
    it.each([null, 5, 'words', {}, { id: null, attributes: null }])('%j leaves the others usable', async (odd) => {
      const body = changedAnswer(fullAnswer(schema), ['data', 0], odd);
      const answer = await call(new KlaviyoClient(new AnsweringTransport(200, body)));
      expect(answer.kind).toBe('ok');
      expect(JSON.stringify(answer)).toContain(
        _name === 'the look at profiles' ? 'null' : _name === 'import errors' ? 'a@x.io' : 'data-1-id',
      );
    });
  },
);

describe('the error list of a refusal', () => {
  const full = fullAnswer(errorSchema());
  const read = (body: unknown) => new KlaviyoClient(new AnsweringTransport(400, body)).getList(credential, 'LST001');
  const places = placesOf(errorSchema()).filter(({ place }) => place.length > 1);

  it.each(places.map(({ place }) => [place.join('.'), place] as const))('counts whatever %s is', async (_at, place) => {
    for (const value of [null, undefined, 5, {}, 'some words']) {
      expect(await read(changedAnswer(full, place, value))).toMatchObject({
        kind: 'invalid',
        entries: [{}, { code: 'errors-1-code' }],
      });
    }
  });

  it.each([null, 5, 'words', {}])('counts with %j as an element', async (odd) => {
    expect(await read(changedAnswer(full, ['errors', 0], odd))).toMatchObject({
      kind: 'invalid',
      entries: [{ pointer: null, code: 'invalid', detail: '' }, { code: 'errors-1-code' }],
    });
  });
});

describe('what stands in the place of a fact that Klaviyo left out', () => {
  const lists = answerSchema('/api/lists', 'get');
  const client = (body: unknown) => new KlaviyoClient(new AnsweringTransport(200, body));

  it.each([null, undefined, ''])('is the id of a list whose name is %j', async (name) => {
    const body = changedAnswer(fullAnswer(lists), ['data', 0, 'attributes', 'name'], name);
    expect(await client(body).getLists(credential, { limit: 10, cursor: null })).toMatchObject({
      value: { items: [{ id: 'data-0-id', name: 'data-0-id' }, { name: 'data-1-attributes-name' }] },
    });
  });

  it.each(['created_at', 'total_count', 'status'])(
    'is nothing that a job could be taken for another by, for %s',
    async (fact) => {
      const body = changedAnswer(fullAnswer(answerSchema(JOBS, 'get')), ['data', 0, 'attributes', fact], null);
      const answer = await client(body).getNewestJobs(credential, null);
      const [job] = answer.kind === 'ok' ? answer.value.items : [];
      expect([job?.createdAt, job?.totalCount, job?.status]).toContain(null);
    },
  );

  it('is said of a page whose next one cannot be asked for', async () => {
    for (const next of ['not an address\u0000', 'https://a.klaviyo.com/api/lists?page[other]=2', '?']) {
      const body = changedAnswer(fullAnswer(lists), ['links', 'next'], next);
      expect(await client(body).getLists(credential, { limit: 10, cursor: null })).toMatchObject({ value: { whole: false } });
    }
  });

  it('is said of a page that has lost an element', async () => {
    const body = changedAnswer(fullAnswer(answerSchema(JOBS, 'get')), ['data', 0, 'id'], null);
    expect(await client(body).getNewestJobs(credential, null)).toMatchObject({ value: { whole: false } });
    expect(await client(fullAnswer(lists)).getLists(credential, { limit: 10, cursor: null })).toMatchObject({
      value: { whole: true },
    });
  });
});

/** Each element with its facts; null where the answer was of no use. */
function factsOf(answer: Answer<unknown>): Facts {
  if (answer.kind !== 'ok') return null;
  const { value } = answer;
  const items = typeof value === 'object' && value !== null && 'items' in value ? (value.items as unknown[]) : [value];
  return items.map((item) => (typeof item === 'object' && item !== null ? { ...item } : { item }));
}

type Facts = Record<string, unknown>[] | null;

/** An answer without one fact may lack that fact, of one element, and nothing else; without all attributes, not the element. */
function lostFacts(place: Place, whole: Facts, facts: Facts): string[] {
  if (whole === null || facts === null) return ['the answer'];
  if (whole.length !== facts.length) return ['an element'];
  const changed = whole.flatMap((element, index) =>
    Object.entries(element)
      .filter(([name, value]) => JSON.stringify(facts[index]?.[name]) !== JSON.stringify(value))
      .map(([name]) => `${index}.${name}`),
  );
  const few = changed.length <= (place.at(-1) === 'attributes' ? Infinity : 1);
  return few && changed.every((name) => name.startsWith('0.') && name !== '0.id') ? [] : changed;
}
