// ISO 8601 allows a day by month, week or number, with or without separators, less than seconds, a fraction of what comes last (behind
// a comma or a full stop, of any length), and no zone at all. `new Date` takes few of these, and reads a time without a zone as local.

const CALENDAR_DAY = /^(\d{4})-(\d{2})(?:-(\d{2}))?$|^(\d{4})(\d{2})(\d{2})$/;
const WEEK_DAY = /^(\d{4})-?W(\d{2})(?:-?([1-7]))?$/;
const NUMBERED_DAY = /^(\d{4})-?(\d{3})$/;
const TIME = /^(\d{2})(?::(\d{2})(?::(\d{2}))?|(\d{2})(\d{2})?)?(?:[.,](\d+))?$/;
const ZONE = /(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/;

const DAY_MS = 86_400_000;
const YEAR_MIN = 1;
const YEAR_MAX = 9_999;

/** The moment that an ISO 8601 text names, to the millisecond (finer digits are cut off); without a zone in UTC. Null where it names none. */
export function isoInstant(text: string): Date | null {
  const [, dayText = '', timeText] = /^([^T ]+)(?:[T ](.+))?$/.exec(text.toUpperCase()) ?? [];
  const day = dayOf(dayText);
  const time = timeText === undefined ? 0 : zonedTimeOf(timeText);
  if (day === null || time === null) return null;
  const instant = new Date(day + time);
  // Beyond these years ISO 8601 has other spellings, which few can read.
  return instant.getUTCFullYear() >= YEAR_MIN && instant.getUTCFullYear() <= YEAR_MAX ? instant : null;
}

/** Milliseconds from the day's beginning in UTC. */
function zonedTimeOf(text: string): number | null {
  const zone = ZONE.exec(text);
  const time = timeOf(zone === null ? text : text.slice(0, zone.index));
  const offset = zone === null ? 0 : offsetOf(zone);
  return time === null || offset === null ? null : time - offset;
}

function dayOf(text: string): number | null {
  const calendar = CALENDAR_DAY.exec(text);
  if (calendar !== null) {
    const year = Number(calendar[1] ?? calendar[4]);
    const month = Number(calendar[2] ?? calendar[5]);
    const day = Number(calendar[3] ?? calendar[6] ?? 1);
    const found = utcDay(year, month, day);
    // 30 February would become a day of March.
    return new Date(found).getUTCMonth() === month - 1 && day > 0 ? found : null;
  }
  const [, weekYear, week, weekDay = '1'] = WEEK_DAY.exec(text) ?? [];
  if (weekYear !== undefined) return dayOfWeek(Number(weekYear), Number(week), Number(weekDay));
  const [, year, number] = NUMBERED_DAY.exec(text) ?? [];
  if (year === undefined) return null;
  const found = utcDay(Number(year), 1, Number(number));
  return new Date(found).getUTCFullYear() === Number(year) && Number(number) > 0 ? found : null;
}

function dayOfWeek(year: number, week: number, day: number): number | null {
  const first = firstMonday(year);
  const found = first + ((week - 1) * 7 + day - 1) * DAY_MS;
  return week > 0 && first + (week - 1) * 7 * DAY_MS < firstMonday(year + 1) ? found : null;
}

/** The Monday of week 1, which is the week that holds 4 January. */
function firstMonday(year: number): number {
  const fourth = utcDay(year, 1, 4);
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS;
}

function timeOf(text: string): number | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [match[1], match[2] ?? match[4], match[3] ?? match[5]];
  // 24:00 is the end of the day, 23:59:60 a leap second: both are the first moment of the next.
  if (Number(hours) > 24 || Number(minutes ?? 0) > 59 || Number(seconds ?? 0) > 60) return null;
  const unit = seconds !== undefined ? 1_000 : minutes !== undefined ? 60_000 : 3_600_000;
  // Nine digits of a second are beyond a millisecond; the addend makes up for what a binary fraction lacks.
  const fraction = Math.floor(Number(`0.${(match[6] ?? '0').slice(0, 9)}`) * unit + 1e-7);
  const time = Number(hours) * 3_600_000 + Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1_000 + fraction;
  return time <= DAY_MS ? time : null;
}

function offsetOf([, sign, hours = '0', minutes = '0']: RegExpExecArray): number | null {
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  return (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
}

/** Unlike Date.UTC, which takes the years 0 to 99 for those of the last century. */
function utcDay(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
