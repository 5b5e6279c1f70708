import { describe, expect, it } from '@jest/globals';
import { DamagedFooterError, readList, readStruct, thriftTypes, writeList, writeStruct } from './thrift-compact';

// A footer of 128 MB may say what it likes; each element and each field that is taken out of it costs far more than its one byte.
describe('a footer whose bytes are hostile', () => {
  const one = Buffer.from([1]);

  it('gives as many elements as a wide schema has, and no more', () => {
    const listOf = (length: number) =>
      writeList(
        thriftTypes.byte,
        Array.from({ length }, () => one),
      );
    expect(readList(listOf(200_000))).toHaveLength(200_000);
    expect(() => readList(listOf(200_001))).toThrow(DamagedFooterError);
  });

  it('gives as many fields as a struct could have, and no more', () => {
    const structOf = (length: number) =>
      writeStruct(Array.from({ length }, (_, at) => ({ id: at + 1, type: thriftTypes.true, value: Buffer.alloc(0) })));
    expect(readStruct(structOf(1_000)).size).toBe(1_000);
    expect(() => readStruct(structOf(1_001))).toThrow(DamagedFooterError);
  });
});
