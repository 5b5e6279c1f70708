import { describe, expect, it } from '@jest/globals';
import { ProfileStore } from './profile-store';

const store = () => new ProfileStore('ACC001');
const fieldsOf = (profiles: ProfileStore, index: number) => JSON.parse(profiles.at(index).fields) as unknown;

describe('ProfileStore', () => {
  it('finds one person by e-mail in any case', () => {
    const profiles = store();
    const first = profiles.upsert({ attributes: { email: 'Ada@Example.org', first_name: 'Ada' } }, 1);
    const second = profiles.upsert({ attributes: { email: 'ada@example.ORG', last_name: 'Byron' } }, 2);
    expect(second).toEqual(first);
    expect(profiles.count).toBe(1);
    expect(fieldsOf(profiles, 0)).toEqual({ first_name: 'Ada', last_name: 'Byron' });
  });

  it('ignores null and keeps what is absent, also inside properties and location', () => {
    const profiles = store();
    const attributes = { email: 'a@x.org', first_name: 'A', properties: { size: 1, colour: 'red' }, location: { city: 'Graz' } };
    profiles.upsert({ attributes }, 1);
    const later = {
      email: 'a@x.org',
      first_name: null,
      properties: { size: 2, colour: null },
      location: { city: null, zip: '8010' },
    };
    profiles.upsert({ attributes: later }, 2);
    expect(fieldsOf(profiles, 0)).toEqual({
      first_name: 'A',
      properties: { size: 2, colour: 'red' },
      location: { city: 'Graz', zip: '8010' },
    });
  });

  it('leaves consent alone and moves updated only when something changed', () => {
    const profiles = store();
    profiles.upsert({ attributes: { email: 'a@x.org', title: 'Dr' } }, 1);
    profiles.setConsent(0, 'SUBSCRIBED');
    profiles.upsert({ attributes: { email: 'a@x.org', title: 'Dr' } }, 2);
    expect(profiles.at(0).updatedAt).toBe(1);
    profiles.upsert({ attributes: { email: 'a@x.org', title: 'Prof' } }, 3);
    expect(profiles.at(0)).toMatchObject({ createdAt: 1, updatedAt: 3 });
    expect(profiles.consentOf(0)).toBe('SUBSCRIBED');
  });

  it('refuses a row whose e-mail and phone number belong to two people', () => {
    const profiles = store();
    profiles.upsert({ attributes: { email: 'a@x.org', phone_number: '+431234567' } }, 1);
    profiles.upsert({ attributes: { email: 'b@x.org' } }, 1);
    const row = { attributes: { email: 'b@x.org', phone_number: '+431234567', title: 'x' } };
    expect(profiles.upsert(row, 2)).toMatchObject({ kind: 'failed', code: 'duplicate_profile' });
    expect(profiles.at(1)).toMatchObject({ phone: null, fields: '{}' });
    expect(profiles.upsert(row, 3, 'keep_email')).toEqual({ kind: 'stored', index: 1 });
    expect(profiles.at(1)).toMatchObject({ phone: null, fields: '{"title":"x"}' });
  });

  it('gives a profile without an e-mail the one that comes with its phone number', () => {
    const profiles = store();
    profiles.upsert({ attributes: { phone_number: '+431234567' } }, 1);
    expect(profiles.upsert({ attributes: { email: 'a@x.org', phone_number: '+431234567' } }, 2)).toEqual({
      kind: 'stored',
      index: 0,
    });
    expect(profiles.findEmail('a@x.org')).toBe(0);
  });

  it('unsets, appends and takes away properties', () => {
    const profiles = store();
    profiles.upsert({ attributes: { email: 'a@x.org', properties: { tags: ['a', 'b'], old: 1 } } }, 1);
    const patch_properties = { unset: 'old', append: { tags: 'c' }, unappend: { tags: ['a'] } };
    profiles.upsert({ attributes: { email: 'a@x.org' }, meta: { patch_properties } }, 2);
    expect(fieldsOf(profiles, 0)).toEqual({ properties: { tags: ['b', 'c'] } });
  });

  it('finds profiles by ids of 26 characters that only its own account knows', () => {
    const profiles = store();
    for (let i = 0; i < 40; i += 1) profiles.upsert({ attributes: { email: `p${i}@x.org` } }, 1);
    const id = profiles.idOf(39);
    expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(profiles.findId(id)).toBe(39);
    expect(profiles.findId(profiles.idOf(40))).toBeNull();
    expect(new ProfileStore('ACC002').findId(id)).toBeNull();
  });
});
