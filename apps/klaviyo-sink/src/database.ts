import { Sink1764000000001 } from './migrations/0001-sink';
import { SinkTraces1764000000002 } from './migrations/0002-traces';
import { SinkRechecks1764000000003 } from './migrations/0003-rechecks';
import { SinkReplays1764000000004 } from './migrations/0004-replays';
import { SinkWaitingReplays1764000000005 } from './migrations/0005-waiting-replays';
import { SinkHistory1764000000006 } from './migrations/0006-history';

/** Its tables are written in SQL alone, so there are no entities. */
export const migrations = [
  Sink1764000000001,
  SinkTraces1764000000002,
  SinkRechecks1764000000003,
  SinkReplays1764000000004,
  SinkWaitingReplays1764000000005,
  SinkHistory1764000000006,
];
