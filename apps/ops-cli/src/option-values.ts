import { InvalidArgumentError, Option } from 'commander';

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A time with its zone, or a day, as an ISO time in UTC. */
export function isoTime(text: string): string {
  const time = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}(T.+(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new InvalidArgumentError('It must be a day (2026-11-24) or a time with its zone (2026-11-24T08:00:00Z).');
}

/** For options that may be given several times. */
export function collect(text: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}

export interface PageOptions {
  limit?: number;
  cursor?: string;
}

/** The options of every list; the service gives 50 items unless told. */
export function pageOptions(order = 'newest first'): [Option, Option] {
  return [
    new Option('--limit <n>', `how many, ${order} (default 50)`).argParser(wholeNumber(1, 200)),
    new Option('--cursor <cursor>', 'go on where an earlier list ended'),
  ];
}

/** The line under a list that is not complete. */
export function moreLine(nextCursor: string | null): string {
  return nextCursor === null ? '' : `\nThere are more: --cursor ${nextCursor}`;
}
