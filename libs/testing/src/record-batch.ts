import type { Packing, RawHeaderValue, RawRecord } from './publish-records';

const MAGIC = 2;

/** Kafka's record batch of version 2 (https://kafka.apache.org/documentation/#recordbatch), with today's time for each record. */
export function recordBatch(records: readonly RawRecord[], { codec, pack }: Packing): Buffer {
  const now = BigInt(Date.now());
  const head = Buffer.alloc(40);
  head.writeInt16BE(codec, 0);
  head.writeInt32BE(records.length - 1, 2);
  head.writeBigInt64BE(now, 6);
  head.writeBigInt64BE(now, 14);
  // Neither idempotent nor in a transaction.
  head.writeBigInt64BE(-1n, 22);
  head.writeInt16BE(-1, 30);
  head.writeInt32BE(-1, 32);
  head.writeInt32BE(records.length, 36);
  return framed(Buffer.concat([head, pack(Buffer.concat(records.map(encoded)))]));
}

/** With the base offset, the length and the checksum before it. */
function framed(body: Buffer): Buffer {
  const frame = Buffer.alloc(21);
  frame.writeInt32BE(9 + body.length, 8);
  frame.writeInt32BE(-1, 12);
  frame.writeInt8(MAGIC, 16);
  frame.writeUInt32BE(crc32c(body), 17);
  return Buffer.concat([frame, body]);
}

function encoded({ key, value, headers }: RawRecord, index: number): Buffer {
  const pairs = pairsOf(headers);
  const parts = pairs.flatMap(([name, header]) => [sized(Buffer.from(name)), sized(header)]);
  // No attributes, and no time after the first record's.
  const body = Buffer.concat([Buffer.from([0, 0]), varint(index), sized(key), sized(value), varint(pairs.length), ...parts]);
  return Buffer.concat([varint(body.length), body]);
}

function pairsOf(headers: RawRecord['headers']): readonly (readonly [string | Buffer, RawHeaderValue])[] {
  if (Array.isArray(headers)) return headers as readonly (readonly [string | Buffer, RawHeaderValue])[];
  return Object.entries(headers as Record<string, RawHeaderValue | RawHeaderValue[]>).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
}

/** Null is the length -1. */
function sized(bytes: RawHeaderValue): Buffer {
  if (bytes === null) return varint(-1);
  const value = Buffer.from(bytes);
  return Buffer.concat([varint(value.length), value]);
}

/** In zigzag. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const CASTAGNOLI = 0x82f63b78;

function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? CASTAGNOLI : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
