import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DamagedTextError, plainText, type PlainTextOptions } from './plain-text';
import { pieces } from './testing/pieces';

async function read(stored: Buffer, options: Partial<PlainTextOptions> = {}, pieceBytes = 5): Promise<Buffer> {
  const text: Buffer[] = [];
  for await (const chunk of plainText(pieces(stored, pieceBytes), { gzip: false, encoding: 'utf-8', ...options }))
    text.push(chunk);
  return Buffer.concat(text);
}

const text = 'Zoë €, 王 😀\r\n'.repeat(20);
const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');

describe('plainText', () => {
  it('passes UTF-8 and what is no text at all on as it is', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0xff, 0x80]);
    expect(await read(bytes)).toEqual(bytes);
  });

  it('decodes UTF-16 of both orders by its byte order mark, wherever it is cut', async () => {
    for (const pieceBytes of [1, 2, 3, 7, 1000]) {
      expect((await read(utf16, {}, pieceBytes)).toString()).toBe(text);
      expect((await read(Buffer.from(utf16).swap16(), { encoding: 'windows-1252' }, pieceBytes)).toString()).toBe(text);
    }
  });

  it('decodes UTF-16 without a byte order mark where it is told its order', async () => {
    const plain = Buffer.from(text, 'utf16le');
    for (const pieceBytes of [1, 2, 3, 7, 1000]) {
      expect((await read(plain, { encoding: 'utf-16le' }, pieceBytes)).toString()).toBe(text);
      expect((await read(Buffer.from(plain).swap16(), { encoding: 'utf-16be' }, pieceBytes)).toString()).toBe(text);
    }
  });

  it('lets a byte order mark decide against what it is told, wherever it is cut', async () => {
    const utf8 = Buffer.from(`\ufeff${text}`);
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const)
      for (const pieceBytes of [1, 2, 3, 1000]) {
        expect(await read(utf8, { encoding }, pieceBytes)).toEqual(utf8);
        expect((await read(utf16, { encoding }, pieceBytes)).toString()).toBe(text);
      }
    expect((await read(Buffer.from([0xef, 0xbb]), { encoding: 'windows-1252' }, 1)).toString()).toBe('ï»');
  });

  it('makes no text of half a character in UTF-16', async () => {
    const half = Buffer.concat([Buffer.from('\ufeffa', 'utf16le'), Buffer.from([0x00, 0xd8]), Buffer.from('b', 'utf16le')]);
    expect([...(await read(half))]).toEqual([0x61, 0xff, 0xff, 0xff, 0x62]);
    expect([...(await read(Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x62])))]).toEqual([0x61, 0xff, 0xff, 0xff]);
  });

  it('decodes every byte of Windows-1252', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const decoded = (await read(all, { encoding: 'windows-1252' })).toString();
    expect([...decoded]).toHaveLength(256);
    expect([0x41, 0x80, 0x92, 0x9f, 0xe9, 0xff].map((byte) => decoded[byte])).toEqual(['A', '€', '’', 'Ÿ', 'é', 'ÿ']);
  });

  it('unpacks gzip, also of several members, and takes no byte for an empty text', async () => {
    const packed = Buffer.concat([gzipSync(text), gzipSync(text)]);
    for (const pieceBytes of [1, 64, 10_000])
      expect((await read(packed, { gzip: true }, pieceBytes)).toString()).toBe(text + text);
    expect((await read(gzipSync(utf16), { gzip: true })).toString()).toBe(text);
    expect(await read(Buffer.alloc(0), { gzip: true })).toEqual(Buffer.alloc(0));
    expect(await read(Buffer.alloc(0))).toEqual(Buffer.alloc(0));
  });

  it('says of cut or changed gzip that it is damaged, and never gives other text for it', async () => {
    const packed = gzipSync(text);
    const damaged = fc.oneof(
      fc.integer({ min: 1, max: packed.length - 1 }).map((length) => packed.subarray(0, length)),
      // The ten bytes of the header name a time and a system; the text does not depend on them.
      fc.tuple(fc.integer({ min: 10, max: packed.length - 1 }), fc.integer({ min: 0, max: 7 })).map(([at, bit]) => {
        const flipped = Buffer.from(packed);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        return flipped;
      }),
      fc.uint8Array({ minLength: 1, maxLength: 30 }).map((behind) => Buffer.concat([packed, behind])),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (stored) => {
        const found = await read(stored, { gzip: true }, 64).catch((error: unknown) => error);
        // A bit that decides nothing may be any.
        if (Buffer.isBuffer(found) && stored.length === packed.length) expect(found.toString()).toBe(text);
        else expect(found).toBeInstanceOf(DamagedTextError);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('stops what unpacks to far more than text does', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 0x61));
    await expect(read(bomb, { gzip: true }, 10_000)).rejects.toThrow('200 times');
    expect(await read(gzipSync(Buffer.alloc(1024 * 1024, 0x61)), { gzip: true }, 10_000)).toHaveLength(1024 * 1024);
  });

  it('names gzip that nobody announced', async () => {
    await expect(read(gzipSync(text))).rejects.toThrow('is gzip');
  });

  it('throws what its source throws', async () => {
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield gzipSync(text).subarray(0, 20);
      throw new Error('the source');
    };
    const all = async (gzip: boolean): Promise<void> => {
      for await (const _chunk of plainText(failing(), { gzip, encoding: 'utf-8' }));
    };
    await expect(all(true)).rejects.toThrow('the source');
  });
});
