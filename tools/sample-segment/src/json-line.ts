import { columns, type SegmentRow } from './columns';

const LINE_END = '\n';

/** One line of NDJSON, in the types of the columns and without what is empty. */
export function jsonLine(row: SegmentRow): string {
  const values: Record<string, string | number | boolean> = {};
  for (const { name, dataType } of columns) {
    const text = row[name];
    if (text === '') continue;
    if (dataType === 'int64' || dataType === 'double') values[name] = Number(text);
    else values[name] = dataType === 'boolean' ? text === 'true' : text;
  }
  return JSON.stringify(values) + LINE_END;
}

/** Lines that are no JSON object. The last one is broken by its bytes. */
export function unreadableLine(row: SegmentRow, choice: number, byBytes: boolean): string | Buffer {
  const whole = jsonLine({ ...row, Notes: 'plain' }).slice(0, -LINE_END.length);
  const variants = [
    () => `${whole.slice(0, -1)}${LINE_END}`,
    () => `[${whole}]${LINE_END}`,
    () => `${whole} and more${LINE_END}`,
    () => Buffer.concat([Buffer.from(whole.slice(0, -2)), Buffer.from([0xff, 0xfe]), Buffer.from(`"}${LINE_END}`)]),
  ];
  return (variants[choice % (byBytes ? variants.length : variants.length - 1)] as () => string | Buffer)();
}
