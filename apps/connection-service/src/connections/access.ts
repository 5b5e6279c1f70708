import type { Connection } from './connection';

/** What somebody may see: administrators all of it, contributors name and type of what is shared with them. */
export type View = 'full' | 'shared';

export function mayUse(view: View, { access }: Pick<Connection, 'access'>): boolean {
  return view === 'full' || access === 'contributors';
}
