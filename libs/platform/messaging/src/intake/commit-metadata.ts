const PATTERN = /^v1;epoch=(\d+)$/;
const PREFIX = 'v1;';

/** The metadata of every offset that we commit ourselves: the partition's newest decision, so that the numbers outlive the database. */
export function commitMetadata(epoch: number): string {
  return `${PREFIX}epoch=${epoch}`;
}

/** The epoch of a commit of ours; null for everybody else's. */
export function epochOf(metadata: string): number | null {
  const found = PATTERN.exec(metadata)?.[1];
  if (found !== undefined) return Number(found);
  return metadata.startsWith(PREFIX) ? 0 : null;
}
