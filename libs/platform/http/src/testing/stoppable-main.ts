// A process that waits for a signal, for the spec of what it does then.
import type { INestApplication } from '@nestjs/common';
import { stopOnSignals } from '../health/stop-on-signals';

stopOnSignals({ close: () => Promise.resolve() } as INestApplication);
setInterval(() => undefined, 1_000);
process.stdout.write('armed');
