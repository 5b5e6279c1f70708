import {
  readInt,
  readList,
  readStruct,
  readText,
  thriftTypes,
  writeInt,
  writeList,
  writeStruct,
  type ThriftField,
} from '../parquet/thrift-compact';
import { parquetFile } from './parquet-file';

/** Numbers of the SchemaElement's fields (parquet.thrift) with their new values; null takes one away. */
export interface Annotation {
  converted?: number;
  scale?: number;
  precision?: number;
  logical?: number;
  /** Fields of the newer annotation's member. */
  parameters?: ThriftField[];
}

const ids = { converted: 6, scale: 7, precision: 8 } as const;

/** A file of a query with the annotations of its leaves, by name, replaced: what DuckDB cannot write, others can. */
export async function annotatedParquet(query: string, annotations: Record<string, Annotation>): Promise<Buffer> {
  const file = await parquetFile(query);
  const start = file.length - 8 - file.readUInt32LE(file.length - 8);
  const fields = readStruct(file.subarray(start, -8));
  const schema = readList(fields.get(2)?.value ?? Buffer.alloc(0)).map((element) => {
    const described = readStruct(element);
    const annotation = annotations[readText(described.get(4)?.value ?? Buffer.alloc(1))];
    // A group has its number of children.
    if (annotation === undefined || described.has(5)) return element;
    for (const id of [6, 7, 8, 10]) described.delete(id);
    const set = (field: ThriftField): unknown => described.set(field.id, field);
    for (const name of ['converted', 'scale', 'precision'] as const) {
      const value = annotation[name];
      if (value !== undefined) set({ id: ids[name], type: thriftTypes.i32, value: writeInt(value) });
    }
    if (annotation.logical !== undefined) {
      const member = { id: annotation.logical, type: thriftTypes.struct, value: writeStruct(annotation.parameters ?? []) };
      set({ id: 10, type: thriftTypes.struct, value: writeStruct([member]) });
    }
    return writeStruct(described.values());
  });
  fields.set(2, { id: 2, type: thriftTypes.list, value: writeList(thriftTypes.struct, schema) });
  const footer = writeStruct(fields.values());
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(footer.length);
  tail.write('PAR1', 4, 'latin1');
  return Buffer.concat([file.subarray(0, start), footer, tail]);
}

export const readRows = (file: Buffer): number =>
  readInt(readStruct(file.subarray(file.length - 8 - file.readUInt32LE(file.length - 8), -8)).get(3)?.value ?? Buffer.alloc(1));
