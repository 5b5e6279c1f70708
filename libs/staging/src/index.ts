export { BatchLines, decodeBatch, encodeBatch, type BatchLine } from './batch-lines';
export { decodeResults, encodeResults, resultStatuses, type ResultLine, type ResultStatus } from './result-lines';
export { StagingArea, type ReadOptions, type StagedObjectRef, type WriteOptions } from './staging-area';
export { StagedFolders, type StagedFolder } from './staged-folders';
export { historyMs, replayWindowMs, type StagingWindow } from './replay-window';
export { StagingKey } from './staging-key';
export { batchPath, invalidRowsPath, ledgerPath, planPath, resultsPath } from './staged-path';
export { stagingLimits } from './limits';
