import type { RejectedProfile } from '@courier/contracts';

const columns = [
  'stage',
  'email',
  'code',
  'detail',
  'segmentId',
  'file',
  'row',
  'batch',
  'firstSeenAt',
  'attempts',
] as const satisfies readonly (keyof RejectedProfile)[];

export const csvHead = `${columns.join(',')}\r\n`;

export function csvLine(profile: RejectedProfile): string {
  return `${columns.map((name) => cell(profile[name])).join(',')}\r\n`;
}

function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  // A row of the snapshot may hold what a spreadsheet would run as a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
