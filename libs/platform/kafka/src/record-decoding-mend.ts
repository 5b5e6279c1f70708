import type { Header } from './cloud-events';

interface Pair {
  key: string;
  value: Buffer | null;
}

interface Decoder {
  buffer: Buffer;
  offset: number;
  readVarInt(): number;
  readVarIntBytes(): Buffer | null;
  readVarIntString(): string | null;
  readVarIntArray(reader: (decoder: Decoder) => Pair): { reduce(): Record<string, Header> };
  mended?: true;
}

/**
 * kafkajs 2.2.4 copies all headers of a record for each of them, which takes 12 s of a core for 3,000 and minutes for what fits into
 * 100 kB: the event loop stands still, the group expels the consumer, and whoever gets the partition next has the same record before
 * it. Headers that are called like a part of every object get that part as a value. And only the length -1 is null to it, where the
 * broker takes every negative one. These three readers are for records alone.
 */
export function mendRecordDecoding(): void {
  const { prototype } = require('kafkajs/src/protocol/decoder') as { prototype: Decoder };
  if (prototype.mended) return;
  prototype.readVarIntBytes = function (this: Decoder) {
    const length = this.readVarInt();
    if (length < 0) return null;
    this.offset += length;
    return this.buffer.subarray(this.offset - length, this.offset);
  };
  prototype.readVarIntString = function (this: Decoder) {
    return this.readVarIntBytes()?.toString('utf8') ?? null;
  };
  prototype.readVarIntArray = function (this: Decoder, reader) {
    const pairs: Pair[] = [];
    for (let left = this.readVarInt(); left > 0; left -= 1) pairs.push(reader(this));
    return { reduce: () => headersOf(pairs) };
  };
  prototype.mended = true;
}

/** As kafkajs has them: the value of a name, or a list of its values. */
function headersOf(pairs: readonly Pair[]): Record<string, Header> {
  const headers = Object.create(null) as Record<string, Header>;
  for (const [name, found] of Map.groupBy(pairs, ({ key }) => key)) {
    const values = found.map(({ value }) => value);
    headers[name] = values.length === 1 ? (values[0] ?? null) : values;
  }
  return headers;
}
