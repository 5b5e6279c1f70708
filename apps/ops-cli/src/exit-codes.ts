import type { Run } from '@courier/contracts';

/** What the shell sees. The numbers are a promise to scripts. */
export const exitCodes = { ok: 0, usage: 1, failed: 2, completedWithErrors: 3, awaitingApproval: 4 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An event that no run comes of, though one was to be watched: failed, unless it was only recorded, because nothing uses its segment now. */
export function exitCodeWithoutRun(verdict: 'started' | 'recorded' | 'ignored' | null): ExitCode {
  return verdict === 'recorded' ? exitCodes.ok : exitCodes.failed;
}

/** How the end of a run reads as an exit code; a run that delivered nothing because it was not done counts as failed. */
export function exitCodeOfRun({ status }: Pick<Run, 'status'>): ExitCode {
  switch (status) {
    case 'succeeded':
      return exitCodes.ok;
    case 'completed_with_errors':
      return exitCodes.completedWithErrors;
    case 'awaiting_approval':
      return exitCodes.awaitingApproval;
    case 'failed':
    case 'canceled':
    case 'skipped':
    case 'superseded':
      return exitCodes.failed;
    case 'queued':
    case 'planning':
    case 'running':
    case 'canceling':
      return exitCodes.ok;
  }
}
