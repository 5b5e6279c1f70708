import { describe, expect, it } from '@jest/globals';
import { normaliseEmail } from './email';

describe('normaliseEmail', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace+tag@Example.CO.UK\r\n', 'ada.lovelace+tag@example.co.uk'],
    ['\t\u00a0\u3000ada@example.com\u2028\ufeff', 'ada@example.com'],
    ["o'brien!#$%&*/=?^_`{|}~-@x-y.example", "o'brien!#$%&*/=?^_`{|}~-@x-y.example"],
    ['a@b.c', 'a@b.c'],
    ['1@2.de', '1@2.de'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`a@${'b'.repeat(63)}.${'c'.repeat(30)}.com`, `a@${'b'.repeat(63)}.${'c'.repeat(30)}.com`],
  ])('turns %j into %j', (raw, email) => {
    expect(normaliseEmail(raw)).toEqual({ email });
  });

  it.each([null, '', '   ', '\t\u00a0'])('calls %j missing', (raw) => {
    expect(normaliseEmail(raw)).toEqual({ invalid: 'email_missing' });
  });

  it.each([
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@localhost.1',
    'ada@@example.com',
    'ada@example..com',
    '.ada@example.com',
    'ada.@example.com',
    'a..b@example.com',
    'a b@example.com',
    '"a b"@example.com',
    'a,b@example.com',
    'ada@-x.com',
    'ada@x-.com',
    'ada@ex_ample.com',
    'ada@[127.0.0.1]',
    'ada@example.c0m',
    'zoë@example.com',
    'ada@exämple.com',
    'ada@example.com\u0000',
    'ada@example.com; bob@example.com',
    // The Kelvin sign and the long s become ASCII letters when their case is changed.
    '\u212aelvin@example.com',
    'a\u017f@example.com',
  ])('calls %j malformed', (raw) => {
    expect(normaliseEmail(raw)).toEqual({ invalid: 'email_malformed' });
  });

  it.each([`${'a'.repeat(65)}@example.com`, `a@${'b'.repeat(60)}.${'c'.repeat(40)}.com`, `a@${'b'.repeat(64)}.com`])(
    'calls %j too long',
    (raw) => {
      expect(normaliseEmail(raw)).toEqual({ invalid: 'email_too_long' });
    },
  );

  it('takes exactly 100 characters and not 101', () => {
    const long = (more: string): string => `${'a'.repeat(60)}@${'b'.repeat(30)}.${more}`;
    expect(long('c'.repeat(8))).toHaveLength(100);
    expect(normaliseEmail(long('c'.repeat(8)))).toEqual({ email: long('c'.repeat(8)) });
    expect(normaliseEmail(long('c'.repeat(9)))).toEqual({ invalid: 'email_too_long' });
  });
});
