import type { ConnectionState } from '@courier/contracts';
import { AppError } from '@courier/kernel';

export type ConnectionEvent = 'check_requested' | 'check_passed' | 'check_failed' | 'removal';

/** Every state with every event it allows. What is not listed is a programmer's error, not something to be ignored. */
export const connectionTransitions: Record<ConnectionState, Partial<Record<ConnectionEvent, ConnectionState>>> = {
  verifying: { check_requested: 'verifying', check_passed: 'connected', check_failed: 'needs_attention', removal: 'removed' },
  // A check that nobody asked for fails when the sink learns during a delivery that the credential no longer works.
  connected: { check_requested: 'verifying', check_failed: 'needs_attention', removal: 'removed' },
  // A check that Klaviyo's absence kept from an answer is repeated until there is one.
  needs_attention: {
    check_requested: 'verifying',
    check_passed: 'connected',
    check_failed: 'needs_attention',
    removal: 'removed',
  },
  removed: {},
};

export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  const next = connectionTransitions[state][event];
  if (next === undefined) {
    throw new AppError('illegal_transition', `A connection that is ${state} has no ${event}.`, { context: { state } });
  }
  return next;
}
