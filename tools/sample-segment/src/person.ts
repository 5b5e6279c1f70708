import type { SegmentRow } from './columns';
import { mix } from './mixer';

// Names and places that break naive code: letters outside ASCII, apostrophes, commas, quotation marks, an emoji.
const firstNames = [
  'Zoë',
  'Łukasz',
  'Søren',
  'Jürgen',
  'Мария',
  '李娜',
  'Ñandú',
  'Ada',
  'Grace',
  'Noël',
  'Aşkın',
  'Đorđe',
  'Ελένη',
  '유진',
  'Ava 🙂',
  '',
];
const lastNames = [
  "O'Brien",
  'Müller',
  'García, Jr.',
  'Nguyễn',
  'van "Ted" Dyk',
  'Øster',
  'Ivanova',
  '王',
  'Lovelace',
  'Hopper',
  'Çelik',
  '',
];
const places = [
  { city: 'Zürich', country: 'Switzerland', locale: 'de-CH' },
  { city: 'København', country: 'Denmark', locale: 'da-DK' },
  { city: 'São Paulo', country: 'Brazil', locale: 'pt-BR' },
  { city: 'Washington, D.C.', country: 'United States', locale: 'en-US' },
  { city: '東京', country: 'Japan', locale: 'ja-JP' },
  { city: '', country: '', locale: '' },
];
const notes = [
  '',
  'Prefers mail in the morning',
  'Line one\nline two',
  'Windows line\r\nand "quotes"',
  'a,b;c\td',
  ',\n"\n,',
  'ends with a quotation mark "',
];
const localParts = ['ada', 'grace.hopper', 'zoe_m', "o'brien", 'first.last', 'a{b}', 'x-y', 'team+news'];
const domains = ['example.com', 'mail.example.org', 'shop-1.example.net', 'example.edu'];
const DAY_MS = 86_400_000;
const EARLIEST_MS = Date.UTC(2015, 0, 1);

/** The normalised address of a person. The number at the end of the local part keeps all of them apart. */
export function emailOf(seed: number, person: number): string {
  const hash = mix(seed, person);
  return `${pick(localParts, hash)}.${person.toString(36)}@${pick(domains, hash >>> 8)}`;
}

/** The row of a person, its values as they are before CSV quoting. */
export function rowOf(seed: number, person: number): SegmentRow {
  const hash = mix(seed + 1, person);
  const other = mix(seed + 2, person);
  const place = pick(places, hash >>> 4);
  return {
    CustomerId: `C-${seed.toString(36)}-${person.toString().padStart(7, '0')}`,
    Email: emailOf(seed, person),
    FirstName: pick(firstNames, hash),
    LastName: pick(lastNames, hash >>> 12),
    MobilePhone: other % 3 === 0 ? '' : phoneOf(seed, person),
    City: place.city,
    Country: place.country,
    Locale: place.locale,
    LoyaltyPoints: other % 7 === 0 ? '' : String(other % 100_000),
    LifetimeValue: other % 11 === 0 ? '' : (hash / 100_000).toFixed(2),
    IsSubscriber: other % 5 === 0 ? '' : String(other % 2 === 0),
    MemberSince: other % 13 === 0 ? '' : new Date(EARLIEST_MS + (hash % 3_600) * DAY_MS).toISOString(),
    Notes: pick(notes, other >>> 6),
  };
}

/** Klaviyo lets a number belong to one profile only, so no two people share one. */
function phoneOf(seed: number, person: number): string {
  return `+4915${String(seed % 1_000).padStart(3, '0')}${String(person).padStart(7, '0')}`;
}

function pick<T>(values: readonly T[], number: number): T {
  return values[number % values.length] as T;
}
