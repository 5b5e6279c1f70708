import type { DeadLetterReason } from '../intake/verdict';

/** What an operator can do about each reason for which a record was put aside. */
export const deadLetterRemedies: Record<DeadLetterReason, string> = {
  undecodable:
    'Ask the sender for CloudEvents in binary mode with a JSON value, and have the event sent again. Then discard this one.',
  too_large:
    'Ask the sender for a smaller event, fewer partitions in a refresh for one, and have it sent again. Then discard this one.',
  invalid_message:
    'The fields are named. Where the sender is wrong, have the event sent again and discard this one; where this service was, upgrade it and retry.',
  unknown_type: 'Upgrade this service to a version that knows the type and retry, or discard it where the sender is wrong.',
  expired_batch: 'What the batch carried is past its time: run the export again, then discard this one.',
  handler_failed: 'See the log of this service at that time for the cause, mend it, then retry.',
};
