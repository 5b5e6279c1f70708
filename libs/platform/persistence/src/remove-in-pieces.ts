import type { DataSource, EntityManager } from 'typeorm';

/** In one pass; the next one goes on. */
const PIECES_MAX = 200;

/**
 * Removes what is old in one short transaction after the other, until there is none left, until the signal, or for as many pieces as a
 * pass may have.
 * @param piece removes some and returns how many
 * @returns how many were removed
 */
export async function removeInPieces(
  dataSource: DataSource,
  piece: (manager: EntityManager) => Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (let pieces = 0; pieces < PIECES_MAX && !signal.aborted; pieces += 1) {
    const rows = await dataSource.transaction(piece);
    if (rows === 0) break;
    removed += rows;
  }
  return removed;
}
