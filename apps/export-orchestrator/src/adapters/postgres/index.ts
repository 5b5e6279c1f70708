import { BatchEntity } from './batch.entity';
import { ExportEntity } from './export.entity';
import { ExportsAndRuns1700000001001 } from './migrations/0001-exports-and-runs';
import { RunTraces1700000001002 } from './migrations/0002-run-traces';
import { Replays1700000001003 } from './migrations/0003-replays';
import { Alerts1700000001011 } from './migrations/0011-alerts';
import { RefreshEpochs1700000001012 } from './migrations/0012-refresh-epochs';
import { RunAges1700000001013 } from './migrations/0013-run-ages';
import { RunsWithoutLedger1700000001014 } from './migrations/0014-runs-without-ledger';
import { SegmentSequences1700000001015 } from './migrations/0015-segment-sequences';
import { ListProblems1700000001016 } from './migrations/0016-list-problems';
import { History1700000001090 } from './migrations/0090-history';
import { NewestRefreshes1700000001091 } from './migrations/0091-newest-refreshes';
import { RefreshEntity } from './refresh.entity';
import { RunEntity } from './run.entity';

export const entities = [RunEntity, BatchEntity, ExportEntity, RefreshEntity];
export const migrations = [
  ExportsAndRuns1700000001001,
  RunTraces1700000001002,
  Replays1700000001003,
  Alerts1700000001011,
  RefreshEpochs1700000001012,
  RunAges1700000001013,
  RunsWithoutLedger1700000001014,
  SegmentSequences1700000001015,
  ListProblems1700000001016,
  History1700000001090,
  NewestRefreshes1700000001091,
];
