import { describe, expect, it } from '@jest/globals';
import { differenceFrom, type Observed, type Outcome } from './case-outcome';

const created = { status: 201, headers: new Headers(), body: {} };
const run = {
  status: 'completed_with_errors',
  reason: { code: 'not_supported' },
  invalidReasons: { email_missing: 1 },
  warnings: [
    { code: 'row_short', count: 2 },
    { code: 'phone_invalid', count: 1 },
  ],
} as unknown as NonNullable<Observed['run']>;
const profiles = [
  { email: 'ana@mail.example.org', attributes: { external_id: null, location: { zip: '2134' }, first_name: 'Ana' } },
];
const seen: Observed = { created, run, deadLetter: null, profiles };
const deadLetter = { eventId: 'e', reason: 'undecodable', detail: '' };

describe('what was observed of a case', () => {
  it.each<[string, Omit<Outcome, 'name'>, Observed]>([
    ['everything that it names', { run: { status: 'completed_with_errors' }, reason: ['x', 'not_supported'] }, seen],
    ['counts and a warning', { invalid: { email_missing: 1 }, warning: 'row_short' }, seen],
    [
      'values by path',
      { profiles: { 'ana@mail.example.org': { 'location.zip': '2134', external_id: null, 'a.b': null } } },
      seen,
    ],
    ['nobody', { profiles: {} }, { ...seen, profiles: [] }],
    ['a refusal', { createStatus: 400 }, { ...seen, created: { ...created, status: 400 }, run: null, profiles: [] }],
    ['a dead letter', { deadLetter: 'undecodable' }, { ...seen, run: { ...run, status: 'succeeded' }, deadLetter }],
  ])('is the outcome: %s', (_what, outcome, observed) => {
    expect(differenceFrom({ name: '', ...outcome }, observed)).toBeNull();
  });

  it.each<[string, Omit<Outcome, 'name'>, Observed]>([
    ['status of POST /v1/exports', {}, { ...seen, created: { ...created, status: 400 } }],
    ['status of POST /v1/exports', { createStatus: 400 }, seen],
    ['dead letter', {}, { ...seen, deadLetter }],
    ['dead letter', { deadLetter: 'invalid_message' }, { ...seen, deadLetter }],
    ['end of the run of the next record', { deadLetter: 'undecodable' }, { ...seen, run: null, deadLetter }],
    ['run.status', { run: { status: 'succeeded' } }, seen],
    ['run.status', { run: { status: 'succeeded' } }, { ...seen, run: null }],
    ['run.reason.code', { reason: ['snapshot_unreadable', 'x'] }, seen],
    ['run.invalidReasons', { invalid: {} }, seen],
    ['run.warnings', { warning: 'property_invalid' }, seen],
    ['people on the list', { profiles: {} }, seen],
    ['people on the list', { profiles: { 'ana@mail.example.org': {}, 'bob@mail.example.org': {} } }, seen],
    ['ana@mail.example.org location.zip', { profiles: { 'ana@mail.example.org': { 'location.zip': 2134 } } }, seen],
    ['ana@mail.example.org first_name', { profiles: { 'ana@mail.example.org': { first_name: null } } }, seen],
  ])('differs by the %s', (what, outcome, observed) => {
    expect(differenceFrom({ name: '', ...outcome }, observed)).toMatch(new RegExp(`^${what}: wanted .*, found `));
  });
});
