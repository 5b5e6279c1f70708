import type { Connection as ConnectionView, SharedConnection } from '@courier/contracts';
import type { View } from './access';
import type { Connection } from './connection';

/** What the caller may read. Built field by field: a field that is new in the domain is not shown by accident. */
export function toView(connection: Connection, view: View): ConnectionView | SharedConnection {
  const { id, displayName, type } = connection;
  return view === 'shared' ? { id, displayName, type } : toFullView(connection);
}

/** What administrators read. */
export function toFullView(connection: Connection): ConnectionView {
  const { id, displayName, type, state, access, profileLimit, exportUser, account, scopes, attention } = connection;
  const { credential, consent, createdAt, createdBy, updatedAt, updatedBy } = connection;
  return {
    id,
    displayName,
    type,
    state,
    access,
    profileLimit,
    exportUser,
    credential: { kind: credential.kind, last4: credential.last4, version: credential.version },
    account,
    scopes,
    attention,
    consent: { ...consent, acceptedAt: consent.acceptedAt.toISOString() },
    createdAt: createdAt.toISOString(),
    createdBy,
    updatedAt: updatedAt.toISOString(),
    updatedBy,
  };
}
