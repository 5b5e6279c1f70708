import type { BatchFinishedV1 } from '@courier/contracts';
import { meter } from '@courier/telemetry';

const METER = 'courier.deliveries';
const finished = meter(METER).createCounter('courier.delivery.finished', {
  description: 'Batches that have their outcome, by the code of what went wrong',
  unit: '{batch}',
});
const profiles = meter(METER).createCounter('courier.delivery.profiles', {
  description: 'Profiles of finished batches, by what became of them',
  unit: '{profile}',
});

/** Called once for each delivery, when its outcome is told. */
export function countFinishedDelivery({ counts, error }: BatchFinishedV1): void {
  finished.add(1, { 'error.type': error?.code ?? 'none' });
  for (const [outcome, count] of Object.entries(counts)) profiles.add(count, { 'courier.profile.outcome': outcome });
}
