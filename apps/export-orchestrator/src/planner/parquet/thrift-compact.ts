// Thrift's compact protocol, as far as the footer of a Parquet file needs it. Values stay the bytes that they are until they are asked
// for: a footer is changed in a few places and otherwise passed on as it stands.

export class DamagedFooterError extends Error {
  override readonly name = 'DamagedFooterError';
}

export interface ThriftField {
  id: number;
  type: number;
  /** As encoded; empty for booleans, whose value is their type. */
  value: Buffer;
}

export const thriftTypes = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
};
const NESTING_MAX = 32;
/** Of what is taken out of a list or a struct: one byte of a footer may be an element, and a Buffer for each would fill the memory. */
const ELEMENTS_MAX = 200_000;
const FIELDS_MAX = 1_000;

/** Fields of a struct, by id. Throws a DamagedFooterError, as everything here does, where the bytes are no Thrift. */
export function readStruct(bytes: Buffer): Map<number, ThriftField> {
  return new Reader(bytes).struct();
}

export function writeStruct(fields: Iterable<ThriftField>): Buffer {
  const pieces: Buffer[] = [];
  let last = 0;
  for (const { id, type, value } of [...fields].sort((a, b) => a.id - b.id)) {
    const delta = id - last;
    pieces.push(delta <= 15 ? Buffer.from([(delta << 4) | type]) : Buffer.concat([Buffer.from([type]), writeInt(id)]), value);
    last = id;
  }
  return Buffer.concat([...pieces, Buffer.from([0])]);
}

export function readList(bytes: Buffer): Buffer[] {
  return new Reader(bytes).list();
}

export function writeList(type: number, elements: readonly Buffer[]): Buffer {
  const { length } = elements;
  const head =
    length < 15 ? Buffer.from([(length << 4) | type]) : Buffer.concat([Buffer.from([0xf0 | type]), writeVarint(BigInt(length))]);
  return Buffer.concat([head, ...elements]);
}

export const readInt = (bytes: Buffer): number => new Reader(bytes).int();

export function writeInt(value: number): Buffer {
  return writeVarint(BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n)));
}

export const readText = (bytes: Buffer): string => new Reader(bytes).binary().toString('utf8');

export function writeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([writeVarint(BigInt(bytes.length)), bytes]);
}

function writeVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  struct(): Map<number, ThriftField> {
    const fields = new Map<number, ThriftField>();
    this.eachField((id, type) => {
      const from = this.at;
      if (type > thriftTypes.false) this.skip(type, 0);
      fields.set(id, { id, type, value: this.bytes.subarray(from, this.at) });
      if (fields.size > FIELDS_MAX) throw new DamagedFooterError('a struct of it has too many fields');
    });
    return fields;
  }

  list(): Buffer[] {
    const { type, length } = this.listHead();
    if (length > ELEMENTS_MAX) throw new DamagedFooterError('a list of it is too long');
    const elements: Buffer[] = [];
    for (let index = 0; index < length; index += 1) {
      const from = this.at;
      this.skip(type, 0);
      elements.push(this.bytes.subarray(from, this.at));
    }
    return elements;
  }

  int(): number {
    const value = this.varint();
    const signed = Number((value >> 1n) ^ -(value & 1n));
    if (!Number.isSafeInteger(signed)) throw new DamagedFooterError('a number is too large');
    return signed;
  }

  binary(): Buffer {
    const length = this.size();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private eachField(take: (id: number, type: number) => void): void {
    let id = 0;
    for (let head = this.byte(); head !== 0; head = this.byte()) {
      id = head >> 4 === 0 ? this.int() : id + (head >> 4);
      take(id, head & 0x0f);
    }
  }

  private skip(type: number, depth: number): void {
    if (depth > NESTING_MAX) throw new DamagedFooterError('it nests too deeply');
    switch (type) {
      case thriftTypes.true:
      case thriftTypes.false:
      case thriftTypes.byte:
        this.byte();
        return;
      case thriftTypes.i16:
      case thriftTypes.i32:
      case thriftTypes.i64:
        this.varint();
        return;
      case thriftTypes.double:
        this.move(8);
        return;
      case thriftTypes.binary:
        this.binary();
        return;
      case thriftTypes.list:
      case thriftTypes.set: {
        const head = this.listHead();
        for (let index = 0; index < head.length; index += 1) this.skip(head.type, depth + 1);
        return;
      }
      case thriftTypes.map: {
        const length = this.size();
        const types = length === 0 ? 0 : this.byte();
        for (let index = 0; index < length; index += 1) {
          this.skip(types >> 4, depth + 1);
          this.skip(types & 0x0f, depth + 1);
        }
        return;
      }
      case thriftTypes.struct:
        this.eachField((_id, inner) => {
          if (inner > thriftTypes.false) this.skip(inner, depth + 1);
        });
        return;
      default:
        throw new DamagedFooterError('it has a value of no known type');
    }
  }

  private listHead(): { type: number; length: number } {
    const head = this.byte();
    return { type: head & 0x0f, length: head >> 4 === 15 ? this.size() : head >> 4 };
  }

  /** Each element, and each byte of a text, takes at least one byte: more of them than bytes are damage. */
  private size(): number {
    const size = Number(this.varint());
    if (size > this.bytes.length - this.at) throw new DamagedFooterError('it says that it is longer than it is');
    return size;
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new DamagedFooterError('a number does not end');
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new DamagedFooterError('it ends too early');
    this.at += 1;
    return byte;
  }

  private move(bytes: number): void {
    if (this.at + bytes > this.bytes.length) throw new DamagedFooterError('it ends too early');
    this.at += bytes;
  }
}
