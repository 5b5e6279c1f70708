/** That a partition waits for an operator, or does not any more. */
export type PauseAlert = {
  alertId: string;
  /** `partition_paused`; the message may know other kinds. */
  kind: string;
  state: 'raised' | 'cleared';
  partition?: { service: string; topic: string; partition: number } | undefined;
  reason: { code: string; detail: string; remedy: string };
  exportId: string | null;
  connectionId: string | null;
  runId: string | null;
  changedAt: string;
};
