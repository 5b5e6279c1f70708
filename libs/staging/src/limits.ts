/** Named maxima of staged objects. A reader refuses what a writer of this version could not have written. */
export const stagingLimits = {
  /** Stored bytes of any object; the largest are the ledgers of a million people. */
  storedBytesMax: 512 * 1024 * 1024,
  /** Bytes after decompression, unless the reader asks for less. */
  contentBytesMax: 1024 * 1024 * 1024,
  /** A batch: 4.5 MB of profiles and 10,000 addresses of at most 100 characters, with room to spare. */
  batchBytesMax: 8 * 1024 * 1024,
  batchRowsMax: 10_000,
  /** The results of one batch: 10,000 rows, each with a code and a bounded detail. */
  resultBytesMax: 32 * 1024 * 1024,
  resultDetailCharactersMax: 1_000,
} as const;
