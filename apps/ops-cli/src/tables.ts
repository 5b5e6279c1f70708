import Table from 'cli-table3';

const GAP = '  ';

// Without frames and colours: the lines can be cut by awk and copied out of a terminal.
const bare = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: GAP,
  },
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
};

type Cell = string | number | null | undefined;

/** One line for each row under a heading; `empty` where there are none. */
export function listTable(head: readonly string[], rows: readonly (readonly Cell[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const table = new Table({ ...bare, head: head.map((name) => name.toUpperCase()) });
  for (const row of rows) table.push(row.map(text));
  return trimLines(table.toString());
}

/** Names and values below each other; fields without a value are left out. */
export function fieldTable(fields: readonly (readonly [string, Cell])[]): string {
  const table = new Table(bare);
  for (const [name, value] of fields) if (value !== undefined && value !== null && value !== '') table.push([name, text(value)]);
  return trimLines(table.toString());
}

/** Numbers to the right, with groups of three digits. */
export function numberTable(rows: readonly (readonly [string, number])[]): string {
  const table = new Table({ ...bare, colAligns: ['left', 'right'] });
  for (const [name, value] of rows) table.push([name, grouped(value)]);
  return trimLines(table.toString());
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** An ISO time without its fraction. */
export function shortTime(time: string | null | undefined): string {
  return time ? time.replace(/\.\d+(Z|\+00:00)$/, 'Z') : '';
}

function text(cell: Cell): string {
  return cell === null || cell === undefined || cell === '' ? '-' : String(cell);
}

function trimLines(table: string): string {
  return table.replaceAll(/[ \t]+$/gm, '');
}
