export { ReplayedRuns, type BatchStanding } from './replayed-runs';
