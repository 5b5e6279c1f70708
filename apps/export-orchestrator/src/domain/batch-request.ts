import type { BatchRequestedV1, StagedObjectRef } from '@courier/contracts';
import type { BatchRecord } from './batch';
import type { RunRecord } from './run';

/** A staged batch as the sink is asked for it. */
export function batchRequest(
  run: Pick<RunRecord, 'id' | 'exportId' | 'connectionId' | 'listId' | 'age'>,
  {
    id,
    attempt,
    number,
    operation,
    rows,
    object,
  }: Pick<BatchRecord, 'id' | 'attempt' | 'number' | 'operation' | 'rows'> & { object: StagedObjectRef },
  at: Date,
): BatchRequestedV1 {
  return {
    batchId: id,
    runId: run.id,
    exportId: run.exportId,
    attempt,
    number,
    operation,
    connectionId: run.connectionId,
    listId: run.listId,
    rows,
    object,
    requestedAt: at.toISOString(),
    run: { kind: 'full', sequence: Number(run.age) },
  };
}
