/** Lines of a batch, 0-based, as [first, last] pairs in order, so that stripping and bisecting stay small in the database. */
export type LineRange = readonly [first: number, last: number];

export function countLines(ranges: readonly LineRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

export function* linesOf(ranges: readonly LineRange[]): Generator<number> {
  for (const [first, last] of ranges) for (let line = first; line <= last; line += 1) yield line;
}

/** The line at a position of the request, which is how Klaviyo's pointers count. */
export function lineAt(ranges: readonly LineRange[], position: number): number | undefined {
  let left = position;
  for (const [first, last] of ranges) {
    const size = last - first + 1;
    if (left < size) return first + left;
    left -= size;
  }
  return undefined;
}

export function withoutLines(ranges: readonly LineRange[], removed: ReadonlySet<number>): LineRange[] {
  return toRanges([...linesOf(ranges)].filter((line) => !removed.has(line)));
}

/** Two halves; the first is the larger one. Needs at least two lines. */
export function bisect(ranges: readonly LineRange[]): [LineRange[], LineRange[]] {
  const lines = [...linesOf(ranges)];
  const middle = Math.ceil(lines.length / 2);
  return [toRanges(lines.slice(0, middle)), toRanges(lines.slice(middle))];
}

export function toRanges(lines: readonly number[]): LineRange[] {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const current = ranges.at(-1);
    if (current !== undefined && current[1] === line - 1) current[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
}
