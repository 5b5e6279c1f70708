import type { Connection, Run, SharedConnection } from '@courier/contracts';
import type { Ops } from '../ops';
import { OpsError } from '../ops-error';
import type { Output } from '../output';
import { shortTime } from '../tables';

export type WaitingField = readonly [string, string | undefined];
/** Contributors are shown less than administrators. */
type Visible = SharedConnection & Partial<Connection>;

/** What a run waits for, until when, and what helps; nothing where it does not wait. */
export async function waitingFields(ops: Ops, run: Run, output: Output): Promise<WaitingField[]> {
  if (run.waiting === null) return [];
  const { reason, since, until } = run.waiting;
  const end = until === null ? 'at most to its deadline (RUN_DEADLINE_HOURS)' : `until ${shortTime(until)}`;
  const waiting: WaitingField = ['Waiting', `${reason} since ${shortTime(since)}, ${end}`];
  return reason.startsWith('connection_') ? [waiting, ...(await connectionFields(ops, run.exportId, output))] : [waiting];
}

/** Who may not see the export or its connection, or does not reach the service, is told where to look. */
async function connectionFields(ops: Ops, exportId: string, output: Output): Promise<WaitingField[]> {
  const path = { id: exportId };
  const found = await orNull(() =>
    ops.exportOrchestrator(output).call((http) => http.GET('/v1/exports/{id}', { params: { path } })),
  );
  const id = found?.connectionId;
  if (!id) return [['See', `ops exports show ${exportId} (its connection)`]];
  const params = { path: { id } };
  const connection: Visible | null = await orNull(() =>
    ops.connectionService(output).call((http) => http.GET('/v1/connections/{id}', { params })),
  );
  const { state, attention } = connection ?? {};
  return [
    ['Connection', state === undefined ? id : `${id} (${state})`],
    ['Attention', attention ? `${attention.detail} (${attention.code})` : undefined],
    ['Remedy', attention?.remedy],
    ['See', `ops connections show ${id}`],
  ];
}

async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof OpsError) return null;
    throw error;
  }
}
