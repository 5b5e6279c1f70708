import type { Export, Mapping, Person, RunReason } from '@courier/contracts';

export interface ExportRecord {
  id: string;
  name: string;
  connectionId: string | null;
  listId: string;
  segmentIds: string[];
  mapping: Mapping;
  mode: Export['mode'];
  schedule: { on: 'refresh' | 'manual' };
  /** A removed one stays as a row: its runs and its topic's readers know it. */
  state: Export['state'] | 'removed';
  attention: Export['attention'];
  listName: string | null;
  listChecked: boolean;
  /** Why the list is not checked, as of the last look; null where it is, or nobody has looked. */
  listProblem: RunReason | null;
  version: number;
  createdAt: Date;
  createdBy: Person;
  updatedAt: Date;
  updatedBy: Person;
}

export type ExportSort = 'createdAt' | 'updatedAt' | 'name';

export interface ExportOrder {
  by: ExportSort;
  descending: boolean;
}

/** An export that people can see and use. */
export type KeptExport = ExportRecord & { state: Export['state'] };

export function isKept(exported: ExportRecord): exported is KeptExport {
  return exported.state !== 'removed';
}

/** What this service knows of a connection: enough to decide who may use it and how much it takes, and no credential. */
export interface KnownConnection {
  id: string;
  version: number;
  state: 'verifying' | 'connected' | 'needs_attention' | 'removed';
  displayName: string;
  access: 'administrators' | 'contributors';
  profileLimit: number;
  accountId: string | null;
}

export function hasConnection(exported: ExportRecord): exported is ExportRecord & { connectionId: string } {
  return exported.connectionId !== null;
}
