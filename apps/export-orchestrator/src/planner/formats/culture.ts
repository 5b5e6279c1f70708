// How a culture spells numbers and dates, from the platform's own data (ICU, which .NET uses as well).

export interface Culture {
  decimal: string;
  /** What may stand between groups of digits; empty where nothing may. */
  groups: readonly string[];
  /** Order of day and month where a year of four digits comes last; null where such a date has no meaning or another calendar. */
  dayMonth: 'day_first' | 'month_first' | null;
}

/** What a manifest without a culture means. */
const invariant: Culture = { decimal: '.', groups: [], dayMonth: null };

/** Characters that are written for one another. */
const spaces = [' ', '\u00a0', '\u202f', '\u2009'];
const apostrophes = ["'", '\u2019'];

/** The platform takes about a millisecond for one, and each column of each part asks. */
const known = new Map<string, Culture>();

/** `tag` is one that the platform knows. */
export function cultureOf(tag: string | null): Culture {
  if (tag === null) return invariant;
  const culture = known.get(tag) ?? readCulture(tag);
  known.set(tag, culture);
  return culture;
}

function readCulture(tag: string): Culture {
  const parts = new Intl.NumberFormat(tag, { numberingSystem: 'latn' }).formatToParts(1_234_567.5);
  const valueOf = (type: Intl.NumberFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  const group = valueOf('group');
  const alike = [spaces, apostrophes].find((characters) => characters.includes(group));
  return { decimal: valueOf('decimal') || '.', groups: alike ?? (group === '' ? [] : [group]), dayMonth: dayMonthOf(tag) };
}

function dayMonthOf(tag: string): Culture['dayMonth'] {
  const format = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'numeric', day: 'numeric', numberingSystem: 'latn' });
  if (format.resolvedOptions().calendar !== 'gregory') return null;
  const order = format.formatToParts(new Date(0)).map(({ type }) => type);
  if (order.indexOf('year') < order.indexOf('day')) return null;
  return order.indexOf('day') < order.indexOf('month') ? 'day_first' : 'month_first';
}
