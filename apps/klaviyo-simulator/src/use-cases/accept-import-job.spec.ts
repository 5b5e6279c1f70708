import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Account } from '../domain/account';
import { Refusal } from '../domain/refusal';
import { World } from '../domain/world';
import { AcceptImportJob } from './accept-import-job';

const rows = '/data/attributes/profiles/data';
const person = (attributes: object, more: object = {}) => ({ type: 'profile', attributes, ...more });

function importOf(profiles: unknown[], listIds: string[] = ['LST001']) {
  const relationships = { lists: { data: listIds.map((id) => ({ type: 'list', id })) } };
  return { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: profiles } }, relationships } };
}

describe('AcceptImportJob', () => {
  let world: World;
  let account: Account;
  const accept = (body: unknown) =>
    new AcceptImportJob(world).execute({ account, body: Buffer.from(JSON.stringify(body)), now: 1000 });
  const pointersOf = (body: unknown): (string | undefined)[] => {
    try {
      accept(body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      expect(error.status).toBe(400);
      expect(account.jobs.size).toBe(0);
      return error.errors.map((entry) => ('pointer' in entry.source ? entry.source.pointer : undefined));
    }
    return [];
  };

  beforeEach(() => {
    world = new World({ accounts: [{ id: 'ACC001', lists: [{ id: 'LST001', name: 'Newsletter' }] }] });
    account = world.accounts.get('ACC001') as Account;
  });

  it('queues a job with the count of its rows and an id that is no ULID', () => {
    const job = accept(importOf([person({ email: 'a@x.org' }), person({ email: 'b@x.org', phone_number: null })]));
    expect(job).toMatchObject({ status: 'queued', totalCount: 2, listIds: ['LST001'], createdAt: 1000 });
    expect(Buffer.from(job.id, 'base64url').toString()).toMatch(/^ACC001_maintenance\.[\w-]{6}\.1\.[\w-]{6}$/);
    expect(account.jobs.get(job.id)).toBe(job);
  });

  it('refuses all of an import for bad rows and names each of them', () => {
    const bad = [person({ email: 'a@x.org' }), person({ email: 'no address' }), person({ email: `${'l'.repeat(95)}@x.org` })];
    expect(pointersOf(importOf(bad))).toEqual([`${rows}/1/attributes/email`, `${rows}/2/attributes/email`]);
    world.knobs.validationErrors = 'first';
    expect(pointersOf(importOf(bad))).toEqual([`${rows}/1/attributes/email`]);
  });

  it.each([
    ['no top-level domain', 'a@localhost'],
    ['two dots', 'a..b@x.org'],
    ['a space', 'a b@x.org'],
    ['blanks around it', ' a@x.org'],
    ['a hyphen at a label edge', 'a@-x.org'],
    ['letters beyond ASCII', 'ä@x.org'],
    ['digits as top-level domain', 'a@10.0.0.1'],
    ['two at signs', 'a@b@x.org'],
    ['an empty text', ''],
    ['101 characters', `${'l'.repeat(60)}@${'d'.repeat(36)}.org`],
  ])('refuses an e-mail with %s', (_case, email) => {
    expect(pointersOf(importOf([person({ email })]))).toEqual([`${rows}/0/attributes/email`]);
  });

  it('accepts an e-mail of 100 characters', () => {
    expect(pointersOf(importOf([person({ email: `${'l'.repeat(60)}@${'d'.repeat(35)}.org` })]))).toEqual([]);
  });

  it('refuses fields that it does not know where they stand', () => {
    const body = importOf([person({ email: 'a@x.org', shoe_size: 1 }), person({ email: 'b@x.org', location: { town: 'x' } })]);
    expect(pointersOf(body)).toEqual([`${rows}/0/attributes/shoe_size`, `${rows}/1/attributes/location/town`]);
    expect(pointersOf({ ...importOf([person({ email: 'a@x.org' })]), extra: 1 })).toEqual(['/extra']);
  });

  it('refuses wrong types and missing parts', () => {
    expect(pointersOf(importOf([person({ email: 7 })]))).toEqual([`${rows}/0/attributes/email`]);
    expect(pointersOf(importOf([{ attributes: { email: 'a@x.org' } }]))).toEqual([`${rows}/0/type`]);
    expect(pointersOf(importOf([]))).toEqual([rows]);
    expect(pointersOf({})).toEqual(['/data']);
    expect(pointersOf([])).toEqual(['']);
  });

  it('wants an identifier, and counts a phone number only where text messages are set up', () => {
    expect(pointersOf(importOf([person({ first_name: 'A' })]))).toEqual([`${rows}/0`]);
    expect(pointersOf(importOf([person({ phone_number: '+12345678901' })]))).toEqual([`${rows}/0`]);
    account.traits.smsEnabled = true;
    expect(pointersOf(importOf([person({ phone_number: '+12345678901' })]))).toEqual([]);
  });

  it('refuses a bad phone number only where no good e-mail stands beside it', () => {
    expect(pointersOf(importOf([person({ external_id: '7', phone_number: '0664 1' })]))).toEqual([
      `${rows}/0/attributes/phone_number`,
    ]);
    world.knobs.badPhoneBesideEmail = 'refuse';
    expect(pointersOf(importOf([person({ email: 'a@x.org', phone_number: '0664 1' })]))).toEqual([
      `${rows}/0/attributes/phone_number`,
    ]);
    world.knobs.badPhoneBesideEmail = 'drop';
    expect(pointersOf(importOf([person({ email: 'a@x.org', phone_number: '0664 1' })]))).toEqual([]);
  });

  it('refuses a list that does not exist, and creates no job', () => {
    expect(pointersOf(importOf([person({ email: 'a@x.org' })], ['LST001', 'NOPE01']))).toEqual([
      '/data/relationships/lists/data/1/id',
    ]);
  });

  it('refuses more than 10,000 rows', () => {
    const many = Array.from({ length: 10_001 }, (_, i) => person({ email: `p${i}@x.org` }));
    expect(pointersOf(importOf(many))).toEqual([rows]);
  });

  it('refuses a profile over 100 kB and accepts one just below', () => {
    const fat = (bytes: number) => {
      const empty = Buffer.byteLength(JSON.stringify(person({ email: 'a@x.org', properties: { note: '' } })));
      return person({ email: 'a@x.org', properties: { note: 'x'.repeat(bytes - empty) } });
    };
    expect(pointersOf(importOf([person({ email: 'b@x.org' }), fat(100_001)]))).toEqual([`${rows}/1`]);
    expect(pointersOf(importOf([fat(100_000)]))).toEqual([]);
  });
});
