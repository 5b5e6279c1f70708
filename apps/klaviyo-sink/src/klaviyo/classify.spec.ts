import { describe, expect, it } from '@jest/globals';
import { classify, retryAfterMs } from './classify';
import type { RawAnswer } from './transport';
import { accountAnswer, importErrorsAnswer, jobAnswer, jobsAnswer } from './wire';

const JSON_API = 'application/vnd.api+json';

function response(status: number, body: unknown, headers: Record<string, string> = {}): RawAnswer {
  const given: Record<string, string> = { 'content-type': typeof body === 'string' ? 'text/html' : JSON_API, ...headers };
  return {
    kind: 'response',
    status,
    header: (name) => given[name] ?? null,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

const errors = (code: string, detail = '', pointer?: string) => ({
  errors: [{ id: 'e', status: 400, code, title: 't', detail, source: pointer === undefined ? {} : { pointer } }],
});
const html = '<html>Just a moment</html>';
const kindOf = (raw: RawAnswer) => classify(raw, jobAnswer);

describe('the classification of answers', () => {
  it.each([
    ['401 of an invalid key', response(401, errors('authentication_failed')), 'invalid_api_key'],
    ['400 of an invalid key', response(400, errors('authentication_failed')), 'invalid_api_key'],
    ['403 of a feature', response(403, errors('forbidden', 'Forbidden.')), 'plan_forbidden'],
    ['403 in HTML', response(403, html), 'firewall_challenge'],
    ['403 with a challenge header', response(403, errors('forbidden'), { 'cf-mitigated': 'challenge' }), 'firewall_challenge'],
    ['410', response(410, errors('gone')), 'revision_retired'],
  ])('sees a credential problem in %s', (_name, raw, code) => {
    expect(kindOf(raw)).toEqual({ kind: 'refused', problem: { code } });
  });

  it('names the scopes that Klaviyo names, and none that it does not', () => {
    const named = response(
      403,
      errors('permission_denied', 'Your API key is missing required scopes: lists:write, profiles:write'),
    );
    expect(kindOf(named)).toEqual({
      kind: 'refused',
      problem: { code: 'missing_scope', scopes: ['lists:write', 'profiles:write'] },
    });
    const bare = kindOf(response(403, errors('permission_denied')));
    expect(bare).toEqual({ kind: 'refused', problem: { code: 'missing_scope', scopes: [] } });
  });

  it('keeps pointers of invalid input', () => {
    const pointer = '/data/attributes/profiles/data/3/attributes/email';
    expect(kindOf(response(400, errors('invalid', 'bad', pointer)))).toEqual({
      kind: 'invalid',
      entries: [{ pointer, code: 'invalid', detail: 'bad' }],
    });
  });

  it('takes a body that is too large as invalid, in JSON and in HTML', () => {
    expect(kindOf(response(413, html)).kind).toBe('invalid');
    expect(kindOf(response(413, errors('too_large'))).kind).toBe('invalid');
  });

  it.each([
    ['a 404 in HTML', response(404, html), 'unavailable'],
    ['a 404 in JSON', response(404, errors('not_found')), 'not_found'],
    ['a 400 in HTML', response(400, html), 'unavailable'],
    ['a 401 in HTML', response(401, html), 'unavailable'],
    ['a 500', response(500, errors('error')), 'unavailable'],
    ['a 503 in HTML', response(503, html), 'unavailable'],
    ['a redirect', response(302, ''), 'unavailable'],
    ['a 524', response(524, html), 'unknown'],
    ['a 504', response(504, html), 'unknown'],
    ['a 200 with an empty body', response(200, ''), 'unknown'],
    ['a 202 without a job id', response(202, { data: { type: 'x', id: '', attributes: {} } }), 'unknown'],
    ['a connection that was never made', { kind: 'not_sent', reason: 'ECONNREFUSED' }, 'unavailable'],
    ['a reset', { kind: 'no_answer', reason: 'ECONNRESET' }, 'unknown'],
  ] as [string, RawAnswer, string][])('sees in %s what it is', (_name, raw, kind) => {
    expect(kindOf(raw).kind).toBe(kind);
  });

  it('honours Retry-After in seconds and as a date, within bounds', () => {
    expect(kindOf(response(429, errors('throttled'), { 'retry-after': '7' }))).toEqual({
      kind: 'throttled',
      retryAfterMs: 7_000,
    });
    expect(retryAfterMs(null)).toBe(1_000);
    expect(retryAfterMs('nonsense')).toBe(1_000);
    expect(retryAfterMs('0')).toBe(1_000);
    expect(retryAfterMs('999999')).toBe(600_000);
    expect(retryAfterMs('Tue, 24 Nov 2026 10:00:30 GMT', Date.parse('2026-11-24T10:00:00Z'))).toBe(30_000);
  });
});

describe('the reading of bodies', () => {
  const job = {
    type: 'profile-bulk-import-job',
    id: 'V0Jo',
    attributes: { status: 'a_new_word', created_at: '2026-09-04T13:40:00+00:00', total_count: 3, surprise: true },
  };

  it('tolerates new fields, new words and absent counts', () => {
    expect(classify(response(200, { data: job }), jobAnswer)).toEqual({
      kind: 'ok',
      value: {
        id: 'V0Jo',
        status: 'a_new_word',
        createdAt: new Date('2026-09-04T13:40:00Z'),
        totalCount: 3,
        completedCount: null,
        failedCount: null,
        listIds: null,
      },
    });
  });

  it('takes only the cursor from the next link', () => {
    const next = 'https://elsewhere.example/steal?page%5Bcursor%5D=abc%3D%3D';
    const page = classify(response(200, { data: [job], links: { next } }), jobsAnswer);
    expect(page.kind === 'ok' && page.value.nextCursor).toBe('abc==');
    const last = classify(response(200, { data: [], links: { self: 'x', next: null } }), jobsAnswer);
    expect(last).toEqual({ kind: 'ok', value: { items: [], nextCursor: null, whole: true } });
  });

  it.each([
    ['flat', { email: ' A@X.io ' }],
    ['as attributes', { attributes: { email: 'a@x.io' } }],
    ['as a resource', { data: { attributes: { email: 'a@x.io' } } }],
  ])('finds the address of an import error in a payload that is %s', (_name, payload) => {
    const attributes = { code: 'invalid', title: 't', detail: 'd', source: { pointer: '/data' }, original_payload: payload };
    const page = classify(response(200, { data: [{ attributes }] }), importErrorsAnswer);
    expect(page.kind === 'ok' && page.value.items).toEqual([{ code: 'invalid', detail: 'd', email: 'a@x.io' }]);
  });

  it('knows an error without an address', () => {
    const attributes = { code: 'invalid', title: 't', detail: 'd', original_payload: null };
    const page = classify(response(200, { data: [{ attributes }] }), importErrorsAnswer);
    expect(page.kind === 'ok' && page.value.items[0]?.email).toBeNull();
  });

  it('names an account by its organisation', () => {
    const data = [{ id: 'ACC001', attributes: { contact_information: { organization_name: 'Shop' } } }];
    expect(classify(response(200, { data }), accountAnswer)).toEqual({ kind: 'ok', value: { id: 'ACC001', name: 'Shop' } });
  });
});
