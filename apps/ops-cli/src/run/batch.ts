import type { operations } from '../generated/export-orchestrator';

export type Batch = operations['runsReadBatches']['responses'][200]['content']['application/json']['items'][number];
