import type { ExportRecord, KnownConnection } from './export';

export interface Caller {
  sub: string;
  roles: readonly string[];
}

/** Why somebody may only look at an export. */
export type EditRefusal = 'connection_not_shared' | 'export_not_yours';

/** Administrators export through every connection, contributors through those that are shared with them, viewers through none. */
export function mayUse({ roles }: Pick<Caller, 'roles'>, connection: KnownConnection | null): boolean {
  if (roles.includes('administrator')) return true;
  return roles.includes('contributor') && connection?.access === 'contributors';
}

/** Who may use its connection edits an export. Without one it is its creator's, so that nobody locks himself out by detaching. */
export function editRefusal(
  caller: Caller,
  exported: Pick<ExportRecord, 'connectionId' | 'createdBy'>,
  connection: KnownConnection | null,
): EditRefusal | null {
  if (mayUse(caller, connection)) return null;
  if (exported.connectionId !== null) return 'connection_not_shared';
  return caller.roles.includes('contributor') && exported.createdBy.sub === caller.sub ? null : 'export_not_yours';
}
