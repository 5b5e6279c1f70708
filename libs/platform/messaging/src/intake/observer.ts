import type { PartitionId } from './positions';

/** The steps between which a process may die. */
export const intakeSteps = [
  'before the decision',
  'decision written',
  'claim committed to Kafka',
  'claim done',
  'record taken, not committed',
  'record taken',
  'offset committed to Kafka',
] as const;
export type IntakeStep = (typeof intakeSteps)[number];

/** Sees each step and may hold it up or end the process: for specs. */
export interface IntakeObserver {
  at(step: IntakeStep, id: PartitionId): Promise<void>;
}

export const nobodyObserves: IntakeObserver = { at: () => Promise.resolve() };
