import { describe, expect, it } from '@jest/globals';
import { addressesIn, leaksIn } from './leak-scan';

const needles = { addresses: new Set(['jane.doe@mail.example.org']), secrets: ['c2VjcmV0LWtleQ'] };

describe('the scan for leaks', () => {
  it.each([
    ['{"email":"jane.doe@mail.example.org"}', ['an address']],
    ['jane.doe@mail.example.org\tMore', ['an address']],
    ['GET /profiles?filter=equals(email,"Jane.Doe%40mail.example.org")', ['an address']],
    ['Authorization: Klaviyo-API-Key pk_e2e_k3j5h2_0001', ['an API key']],
    ['{"k":"c2VjcmV0LWtleQ"}', ['a secret']],
    ['courier@localhost, jim@mail.example.org, pk_id, PRIMARY KEY PK_8c82d7f526340ab734260ea46be', []],
  ])('sees in %j %j', (text, leaks) => {
    expect(leaksIn(text, needles)).toEqual(leaks);
  });

  it('takes the addresses out of lines of any kind', () => {
    expect(addressesIn('1,"A, B",a.b+c@x.example.org,\n2,x,D@Y.example.org')).toEqual(['a.b+c@x.example.org', 'd@y.example.org']);
  });
});
