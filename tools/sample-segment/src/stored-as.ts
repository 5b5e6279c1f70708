/** How the parts of a segment are stored. */
export const segmentFormats = ['cdm-csv', 'csv', 'ndjson', 'parquet'] as const;
export type SegmentFormat = (typeof segmentFormats)[number];

export const textEncodings = ['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type TextEncoding = (typeof textEncodings)[number];

export interface StoredAs {
  format: SegmentFormat;
  /** Of the text formats. */
  encoding: TextEncoding;
  gzip: boolean;
}

export function assertPossible({ format, encoding, gzip }: StoredAs): void {
  if (format === 'parquet' && (gzip || encoding !== 'utf-8'))
    throw new Error('Parquet has neither an encoding nor gzip around it');
  if (format !== 'csv' && encoding === 'windows-1252') throw new Error('Only CSV with header lines may be Windows-1252');
}

/** What stands before the first record of each part. */
export function startOf(encoding: TextEncoding): string {
  return encoding === 'utf-8' || encoding === 'windows-1252' ? '' : '\ufeff';
}

export function encoded(text: string, encoding: TextEncoding): Buffer {
  switch (encoding) {
    case 'utf-8':
    case 'utf-8-bom':
      return Buffer.from(text);
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'windows-1252':
      // What Latin-1 does not have becomes a letter outside ASCII: no address becomes valid by it.
      return Buffer.from(text.replace(/[^\0-\x7f\xa0-\xff]/gu, '¿'), 'latin1');
  }
}
