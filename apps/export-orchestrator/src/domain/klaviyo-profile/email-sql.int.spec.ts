import { BIGINT, DuckDBInstance, LIST, listValue, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { emailReasonSql, normalisedEmailSql } from './email-sql';
import { normaliseEmail, type NormalisedEmail } from './email';
import { blankCharacters, sqlTrimmed } from './text';

// The rule exists twice, in TypeScript and in SQL. They must be one rule.
describe('the e-mail rule in SQL', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });
  afterAll(() => connection.closeSync());

  async function inSql(raws: readonly (string | null)[]): Promise<NormalisedEmail[]> {
    const reader = await connection.runAndReadAll(
      `SELECT ${emailReasonSql('trimmed')}, ${normalisedEmailSql('trimmed')}
        FROM (SELECT ${sqlTrimmed('raw')} AS trimmed, place FROM (SELECT unnest($raws) AS raw, unnest(range($count)) AS place))
        ORDER BY place`,
      { raws: listValue([...raws]), count: BigInt(raws.length) },
      { raws: LIST(VARCHAR), count: BIGINT },
    );
    return reader.getRows().map(([reason, email]) => (reason === null ? { email } : { invalid: reason }) as NormalisedEmail);
  }

  const blanks = fc.string({ unit: fc.constantFrom(...blankCharacters), maxLength: 3 });
  const likely = fc.constantFrom(
    ...'aZ09._+-@@..',
    "'",
    ' ',
    '"',
    '\\',
    'é',
    '\u212a',
    '\u017f',
    '\u0130',
    '\t',
    '\n',
    ',',
    '😀',
  );
  const short = { minLength: 0, maxLength: 6 };
  const long = { minLength: 55, maxLength: 70 };
  const label = fc.oneof(...[short, short, long].map((size) => fc.string({ unit: fc.constantFrom(...'aB0-'), ...size })));
  const local = fc.oneof(...[short, short, long].map((size) => fc.string({ unit: fc.constantFrom(..."aaB0.+_'"), ...size })));
  const shaped = fc
    .tuple(local, fc.array(label, { maxLength: 3 }), fc.constantFrom('com', 'com', 'C', 'c0', 'é', ''))
    .map(([name, labels, last]) => `${name}@${[...labels, last].join('.')}`);
  const raw = fc
    .tuple(
      blanks,
      fc.oneof(shaped, fc.emailAddress(), fc.string({ unit: likely, maxLength: 30 }), fc.string({ unit: 'binary' })),
      blanks,
    )
    .map((parts) => parts.join(''))
    // DuckDB's client ends a text at its first NUL; a part of a snapshot does not come through it.
    .filter((text) => !text.includes('\0'));

  it('agrees with normaliseEmail on generated addresses', async () => {
    const raws = [null, ...fc.sample(raw, { numRuns: 20_000, seed: 20_261_124 })];
    const expected = raws.map(normaliseEmail);
    expect(new Set(expected.map((one) => ('email' in one ? 'good' : one.invalid)))).toEqual(
      new Set(['good', 'email_missing', 'email_malformed', 'email_too_long']),
    );
    expect(await inSql(raws)).toEqual(expected);
  });

  it('agrees with normaliseEmail on every character at the edge of an address', async () => {
    const codes = Array.from({ length: 0x3100 }, (_, code) => code + 1).filter((code) => code < 0xd800);
    const raws = [...codes, 0xfeff, 0xfffd].map((code) => `${String.fromCodePoint(code)}a@example.com`);
    expect(await inSql(raws)).toEqual(raws.map(normaliseEmail));
  });
});
