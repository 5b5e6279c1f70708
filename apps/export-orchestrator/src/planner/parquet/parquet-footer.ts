import { open, type FileHandle } from 'node:fs/promises';
import {
  DamagedFooterError,
  readInt,
  readList,
  readStruct,
  readText,
  thriftTypes,
  writeInt,
  writeList,
  writeStruct,
  writeText,
  type ThriftField,
} from './thrift-compact';

// A Parquet file says in its footer what its columns are (parquet.thrift of apache/parquet-format). DuckDB has its own view of that: it
// renames columns whose names differ in case only, rounds what it has no type for, and gives a whole file up for one text that is not
// UTF-8. So we read the schema ourselves, and hand DuckDB a copy whose footer holds the columns that are asked for and nothing that it
// could read another way: names of ours, and of text and of instants the bytes.

const MARK = 'PAR1';
const TAIL_BYTES = 8;
/** A footer is held in memory; that of 10,000 columns in 100 row groups is half of this. */
const FOOTER_BYTES_MAX = 128 * 1024 * 1024;

export const physicalTypes = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
] as const;
export type PhysicalType = (typeof physicalTypes)[number];

/** One element of the schema with what is below it. */
export interface ParquetNode {
  /** As written in the file. */
  name: string;
  repetition: 'required' | 'optional' | 'repeated';
  /** null of a group. */
  physical: PhysicalType | null;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  length: number;
  /** Number of the older annotation (ConvertedType); null without one. */
  converted: number | null;
  scale: number;
  precision: number;
  /** Id in the union of the newer annotation (LogicalType), and its parameters; null without one. */
  logical: { id: number; parameters: Map<number, ThriftField> } | null;
  children: ParquetNode[];
  fields: Map<number, ThriftField>;
}

/** All that the schema says of a column: two of which it is the same hold the same values in the same bytes. */
export function meaningOf({ fields, children }: ParquetNode): string {
  const said = [...fields.values()].map(({ id, type, value }) => [id, type, value.toString('latin1')]);
  return JSON.stringify([said, children.map(meaningOf)]);
}

export interface ParquetFooter {
  rows: number;
  columns: ParquetNode[];
}

/** How a leaf is handed to DuckDB: as the file has it, or as the bytes or numbers that lie there. */
export type Handing = 'as_annotated' | 'as_stored';

/** Throws a DamagedFooterError where the file has no footer that can be read. */
export async function readFooter(file: string): Promise<ParquetFooter> {
  return withFile(file, 'r', async (handle) => {
    const { fields } = await locate(handle);
    const schema = readList(valueOf(fields, 2));
    const [root, ...others] = readNodes(schema);
    if (root === undefined || others.length > 0) throw new DamagedFooterError('its schema has no one root');
    return { rows: readInt(valueOf(fields, 3)), columns: root.children };
  });
}

/**
 * Writes the footer of `file` anew: the columns at `places` alone, called c0, c1, … in that order of theirs in the file (a member of a
 * group f0, f1, …), their leaves handed as `handingOf` says. Statistics go, because they are of the types before.
 */
export async function narrowFooter(
  file: string,
  places: readonly number[],
  handingOf: (leaf: ParquetNode) => Handing,
): Promise<void> {
  await withFile(file, 'r+', async (handle) => {
    const { fields, start } = await locate(handle);
    const schema = readList(valueOf(fields, 2));
    const [root] = readNodes(schema);
    if (root === undefined) throw new DamagedFooterError('its schema has no root');
    const kept = new Set(places);
    const leaves = root.children.flatMap((column, place) => leavesOf(column).map((leaf) => ({ leaf, kept: kept.has(place) })));
    const columns = root.children.filter((_, place) => kept.has(place));
    const elements = [
      writeStruct(withFields(root.fields, [[5, thriftTypes.i32, writeInt(columns.length)]])),
      ...columns.flatMap((column, index) => writeNode(column, `c${index}`, handingOf)),
    ];
    const groups = readList(valueOf(fields, 4)).map((group) => narrowGroup(group, leaves, handingOf));
    const footer = writeStruct([
      ...[1, 3, 6].flatMap((id) => fields.get(id) ?? []),
      { id: 2, type: thriftTypes.list, value: writeList(thriftTypes.struct, elements) },
      { id: 4, type: thriftTypes.list, value: writeList(thriftTypes.struct, groups) },
    ]);
    const tail = Buffer.alloc(TAIL_BYTES);
    tail.writeUInt32LE(footer.length);
    tail.write(MARK, 4, 'latin1');
    await handle.truncate(start);
    await handle.write(Buffer.concat([footer, tail]), 0, footer.length + TAIL_BYTES, start);
  });
}

async function withFile<T>(file: string, flags: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, flags);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function locate(handle: FileHandle): Promise<{ fields: Map<number, ThriftField>; start: number }> {
  const { size } = await handle.stat();
  if (size < MARK.length + TAIL_BYTES) throw new DamagedFooterError('it is too short');
  const { buffer: tail } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, size - TAIL_BYTES);
  // Another mark is that of a file whose footer is encrypted.
  if (tail.toString('latin1', 4) !== MARK) throw new DamagedFooterError('it does not end as Parquet does');
  const length = tail.readUInt32LE(0);
  const start = size - TAIL_BYTES - length;
  if (start < MARK.length || length > FOOTER_BYTES_MAX) throw new DamagedFooterError('its footer has no possible length');
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, start);
  return { fields: readStruct(buffer), start };
}

function valueOf(fields: ReadonlyMap<number, ThriftField>, id: number): Buffer {
  const field = fields.get(id);
  if (field === undefined) throw new DamagedFooterError('it lacks what every footer has');
  return field.value;
}

const NODES_DEEP_MAX = 64;

/** The schema is a list of elements, each followed by what is below it. */
function readNodes(schema: readonly Buffer[]): ParquetNode[] {
  let next = 0;
  const take = (depth: number): ParquetNode => {
    const bytes = schema[next];
    if (bytes === undefined || depth > NODES_DEEP_MAX) throw new DamagedFooterError('its schema is not whole');
    next += 1;
    const { children, node } = readElement(bytes);
    for (let child = 0; child < children; child += 1) node.children.push(take(depth + 1));
    return node;
  };
  const nodes: ParquetNode[] = [];
  while (next < schema.length) nodes.push(take(0));
  return nodes;
}

function readElement(bytes: Buffer): { node: ParquetNode; children: number } {
  const fields = readStruct(bytes);
  const numberAt = (id: number): number | null => {
    const field = fields.get(id);
    return field === undefined ? null : readInt(field.value);
  };
  const type = numberAt(1);
  const union = fields.get(10);
  const [member] = union === undefined ? [] : readStruct(union.value).values();
  const node: ParquetNode = {
    name: readText(valueOf(fields, 4)),
    repetition: (['required', 'optional', 'repeated'] as const)[numberAt(3) ?? 0] ?? 'required',
    physical: type === null ? null : (physicalTypes[type] ?? null),
    length: numberAt(2) ?? 0,
    converted: numberAt(6),
    scale: numberAt(7) ?? 0,
    precision: numberAt(8) ?? 0,
    logical: member === undefined ? null : { id: member.id, parameters: readStruct(member.value) },
    children: [],
    fields,
  };
  return { node, children: numberAt(5) ?? 0 };
}

function leavesOf(node: ParquetNode): ParquetNode[] {
  return node.physical === null ? node.children.flatMap(leavesOf) : [node];
}

type Change = [id: number, type: number, value: Buffer];

function withFields(
  fields: ReadonlyMap<number, ThriftField>,
  changes: readonly Change[],
  without: readonly number[] = [],
): ThriftField[] {
  const changed = new Map(fields);
  for (const id of without) changed.delete(id);
  for (const [id, type, value] of changes) changed.set(id, { id, type, value });
  return [...changed.values()];
}

/** A struct's members get names of ours: two that differ in case only would be one to DuckDB. Those of lists and maps have roles. */
function writeNode(node: ParquetNode, name: string, handingOf: (leaf: ParquetNode) => Handing): Buffer[] {
  const named: Change = [4, thriftTypes.binary, writeText(name)];
  if (node.physical !== null) {
    if (handingOf(node) === 'as_annotated') return [writeStruct(withFields(node.fields, [named], [9]))];
    return [writeStruct(withFields(node.fields, [named, ...bytesFor(node)], [6, 7, 8, 9, 10]))];
  }
  const isStruct = node.converted === null && node.logical === null;
  const children = node.children.flatMap((child, index) => writeNode(child, isStruct ? `f${index}` : child.name, handingOf));
  return [writeStruct(withFields(node.fields, [named], [9])), ...children];
}

/** DuckDB takes every INT96 for an instant of microseconds. Twelve bytes that are called that lie there just so. */
const INT96_BYTES = 12;
const FIXED = physicalTypes.indexOf('FIXED_LEN_BYTE_ARRAY');
function bytesFor({ physical }: ParquetNode): Change[] {
  if (physical !== 'INT96') return [];
  return [
    [1, thriftTypes.i32, writeInt(FIXED)],
    [2, thriftTypes.i32, writeInt(INT96_BYTES)],
  ];
}

function narrowGroup(
  group: Buffer,
  leaves: readonly { leaf: ParquetNode; kept: boolean }[],
  handingOf: (leaf: ParquetNode) => Handing,
): Buffer {
  const fields = readStruct(group);
  const chunks = readList(valueOf(fields, 1));
  if (chunks.length !== leaves.length) throw new DamagedFooterError('a row group has other columns than the schema');
  const kept = chunks.flatMap((chunk, index) => {
    const leaf = leaves[index];
    return leaf?.kept === true ? [narrowChunk(chunk, leaf.leaf, handingOf(leaf.leaf))] : [];
  });
  // Without the order of the rows, which names columns by their numbers.
  return writeStruct(withFields(fields, [[1, thriftTypes.list, writeList(thriftTypes.struct, kept)]], [4]));
}

function narrowChunk(chunk: Buffer, leaf: ParquetNode, handing: Handing): Buffer {
  const fields = readStruct(chunk);
  // A chunk may lie in another file: that one is not part of the snapshot.
  if (fields.has(1)) throw new DamagedFooterError('a column lies in another file');
  const metadata = readStruct(valueOf(fields, 3));
  if (physicalTypes[readInt(valueOf(metadata, 1))] !== leaf.physical) throw new DamagedFooterError('a column has two types');
  const changes: Change[] = handing === 'as_stored' && leaf.physical === 'INT96' ? [[1, thriftTypes.i32, writeInt(FIXED)]] : [];
  const described = writeStruct(withFields(metadata, changes, [8, 12, 14, 15, 16, 17]));
  return writeStruct(withFields(fields, [[3, thriftTypes.struct, described]], [4, 5, 6, 7]));
}
