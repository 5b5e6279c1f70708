import { columns, type SegmentRow } from './columns';

const LINE_END = '\n';
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** One record by RFC 4180: quoted where it must be, quotation marks doubled. */
export function csvRecord(row: SegmentRow): string {
  let record = '';
  for (const { name } of columns) record += (record === '' ? '' : ',') + field(row[name]);
  return record + LINE_END;
}

function field(value: string): string {
  return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

export const csvHeader = (): string => columns.map(({ name }) => name).join(',') + LINE_END;

/** Records that no reader can take apart; each is one line. The last one is broken by its bytes. */
export function unreadableRecord(row: SegmentRow, choice: number, byBytes: boolean): string | Buffer {
  const whole = csvRecord({ ...row, Notes: 'plain' }).slice(0, -LINE_END.length);
  const variants = [
    () => `${row.CustomerId} "within" a plain value${whole.slice(whole.indexOf(','))}${LINE_END}`,
    () => `${whole},surplus${LINE_END}`,
    () => `"${row.CustomerId}"text behind the quotation mark${whole.slice(whole.indexOf(','))}${LINE_END}`,
    () => Buffer.concat([Buffer.from(whole), Buffer.from([0xff, 0xfe]), Buffer.from(LINE_END)]),
  ];
  return (variants[choice % (byBytes ? variants.length : variants.length - 1)] as () => string | Buffer)();
}
