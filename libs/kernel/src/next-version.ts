/**
 * The version of a published state after a change at `now`: the next number, and never below the seconds since 1970. A database that
 * came back from a dump has forgotten versions that others have seen; counted by one, its changes would be taken for old ones. `now` is
 * the database's time, for all instances the same: one whose clock is behind would count through numbers that another has used.
 * Fits PostgreSQL's integer until 2038.
 */
export function nextVersion(version: number, now: Date): number {
  return Math.max(version + 1, Math.floor(now.getTime() / 1_000));
}
