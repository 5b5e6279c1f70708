import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftovers, livingSupervisor } from './process-ledger';
import { removeStackFile } from './stack-file';

/**
 * Waits for the end of its standard input, which only the supervisor holds open. When the supervisor went without putting its
 * house in order (SIGKILL), the ledger still exists, and whatever it names is ended here.
 */
const file = process.argv[2] ?? '';
const SUPERVISOR_POLL_MS = 50;
// A Ctrl-C reaches the supervisor; this process must outlive it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
process.stdin.resume();
process.stdin.once('close', () => void endWhatIsLeft().finally(() => process.exit(0)));

async function endWhatIsLeft(): Promise<void> {
  // A process that is killed loses its pipes a moment before it is gone; one that ends in order ends this process first.
  while (livingSupervisor(file) !== null) await sleep(SUPERVISOR_POLL_MS);
  removeStackFile(dirname(file));
  await endLeftovers(file);
}
