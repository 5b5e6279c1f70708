import type { KnownConnection } from './export';

/** Administrators edit every export, contributors those whose connection is shared with them, viewers none. */
export function permissionFor(roles: readonly string[], connection: KnownConnection | null): 'edit' | 'view' {
  if (roles.includes('administrator')) return 'edit';
  return roles.includes('contributor') && connection?.access === 'contributors' ? 'edit' : 'view';
}
