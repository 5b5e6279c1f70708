// Text of other encodings as UTF-8. Windows-1252 by a table of our own: Node's decoder of that name leaves 0x80 to 0x9f as they are.

const REPLACEMENT = Buffer.from('\ufffd');
/** No UTF-8: whoever judges the text finds the record unreadable. */
const NO_TEXT = Buffer.from([0xff, 0xff, 0xff]);

const fromLatin1 = new Map(
  Object.entries({
    0x80: 0x20ac,
    0x82: 0x201a,
    0x83: 0x0192,
    0x84: 0x201e,
    0x85: 0x2026,
    0x86: 0x2020,
    0x87: 0x2021,
    0x88: 0x02c6,
    0x89: 0x2030,
    0x8a: 0x0160,
    0x8b: 0x2039,
    0x8c: 0x0152,
    0x8e: 0x017d,
    0x91: 0x2018,
    0x92: 0x2019,
    0x93: 0x201c,
    0x94: 0x201d,
    0x95: 0x2022,
    0x96: 0x2013,
    0x97: 0x2014,
    0x98: 0x02dc,
    0x99: 0x2122,
    0x9a: 0x0161,
    0x9b: 0x203a,
    0x9c: 0x0153,
    0x9e: 0x017e,
    0x9f: 0x0178,
  }).map(([byte, codePoint]) => [String.fromCodePoint(Number(byte)), String.fromCodePoint(codePoint)]),
);

/** Encodings that a part may be said to have. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

type Decode = (chunk: Buffer, isLast: boolean) => Buffer;

/** Bytes of a part that must be there to tell its byte order mark. */
export const markBytes = 3;

/** The way to UTF-8 for a part that begins with `start`: a byte order mark decides, else `encoding`. A mark of UTF-16 is not passed on. */
export function decoderOf(start: Buffer, encoding: TextEncoding): Decode {
  const said = markedEncoding(start) ?? encoding;
  switch (said) {
    case 'utf-8':
      return (chunk) => chunk;
    case 'utf-16le':
    case 'utf-16be':
      return fromUtf16(said);
    case 'windows-1252':
      return (chunk) => Buffer.from(chunk.toString('latin1').replace(/[\x80-\x9f]/g, (byte) => fromLatin1.get(byte) ?? byte));
  }
}

function markedEncoding(start: Buffer): TextEncoding | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 'utf-8' : null;
}

function fromUtf16(label: 'utf-16le' | 'utf-16be'): Decode {
  const decoder = new TextDecoder(label);
  return (chunk, isLast) => {
    const text = Buffer.from(decoder.decode(chunk, { stream: !isLast }));
    // Half of a pair, or half a code unit at the end, became the replacement character: no text, not a question mark in a name.
    for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at)) NO_TEXT.copy(text, at);
    return text;
  };
}
