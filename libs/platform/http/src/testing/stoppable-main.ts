// A process that waits for a signal, for the spec of what it does then: it closes at once, or never.
import type { INestApplication } from '@nestjs/common';
import { stopOnSignals } from '../health/stop-on-signals';

const close = process.argv[2] === 'never' ? () => new Promise<void>(() => undefined) : () => Promise.resolve();
stopOnSignals({ close } as INestApplication);
setInterval(() => undefined, 1_000);
process.stdout.write('armed');
