import { terminalRunStatuses, type RunStatus } from '@courier/contracts';
import { AppError } from '@courier/kernel';

/** Every step that a run may take. A step that is not here is a mistake of ours and throws. */
const transitions: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['planning', 'failed', 'skipped', 'superseded', 'canceled'],
  planning: ['running', 'succeeded', 'completed_with_errors', 'failed', 'skipped', 'canceling'],
  running: ['succeeded', 'completed_with_errors', 'failed', 'superseded', 'awaiting_approval', 'canceling'],
  awaiting_approval: ['running', 'succeeded', 'completed_with_errors', 'failed', 'canceling'],
  canceling: ['canceled'],
  succeeded: [],
  completed_with_errors: [],
  failed: [],
  canceled: [],
  skipped: [],
  superseded: [],
};

/** Customer Insights' own word for each status. */
const displayWords: Record<RunStatus, string> = {
  queued: 'Queued',
  planning: 'Processing',
  running: 'Processing',
  awaiting_approval: 'Processing',
  canceling: 'Processing',
  succeeded: 'Successful',
  completed_with_errors: 'Completed with warnings',
  failed: 'Failed (permanent)',
  canceled: 'Canceled',
  skipped: 'Skipped',
  superseded: 'Skipped',
};

export function assertTransition(from: RunStatus, to: RunStatus): void {
  if (from !== to && !transitions[from].includes(to)) {
    throw new AppError('illegal_run_transition', `a run cannot go from ${from} to ${to}`, { context: { from, to } });
  }
}

export function isTerminal(status: RunStatus): boolean {
  return (terminalRunStatuses as readonly RunStatus[]).includes(status);
}

export function displayStatus(status: RunStatus): string {
  return displayWords[status];
}
