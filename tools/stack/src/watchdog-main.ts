import { dirname } from 'node:path';
import { endLeftovers, livingSupervisor } from './process-ledger';
import { removeStackFile } from './stack-file';

/**
 * Waits for the end of its standard input, which only the supervisor holds open. When the supervisor went without putting its
 * house in order (SIGKILL), the ledger still exists, and whatever it names is ended here.
 */
const file = process.argv[2] ?? '';
// A Ctrl-C reaches the supervisor; this process must outlive it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
process.stdin.resume();
process.stdin.once('close', () => void endWhatIsLeft().finally(() => process.exit(0)));

async function endWhatIsLeft(): Promise<void> {
  if (livingSupervisor(file) !== null) return;
  removeStackFile(dirname(file));
  await endLeftovers(file);
}
