import { StackStopping } from './process-set';
import { reportAndExit } from './report-error';
import { runSample } from './sample';
import { simulatedAccount } from './service-definitions';
import { Stack } from './stack';
import { StackError } from './stack-error';
import { readStartOptions } from './start-options';
import { stackDir } from './workspace';

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** One Ctrl-C arrives twice: from the terminal and passed on by npm. Only a later one means "now". */
const SAME_SIGNAL_MS = 1_000;
const PARENT_POLL_MS = 1_000;

async function main(): Promise<void> {
  const options = readStartOptions(process.argv.slice(2));
  const stack = new Stack({ dir: stackDir(), instances: options.instances, onProgress: (line) => console.log(line) });
  const ending = endOnSignals(stack);
  try {
    await stack.start();
    ending.isUp();
    printAddresses(stack);
    const agrees = await sampleOutcome(stack, options.sample, ending.signal);
    if (options.exit) {
      console.log('Stopping ...');
      await stack.stop();
      process.exit(agrees ? 0 : 1);
    }
  } catch (error) {
    if (error instanceof StackStopping || ending.signal.aborted) return;
    await stack.stop();
    reportAndExit(error);
  }
  console.log('Everything is up; Ctrl-C stops it.');
}

/** Whether the sample came out as expected; a start without a sample has nothing to object to. */
async function sampleOutcome(stack: Stack, wanted: boolean, signal: AbortSignal): Promise<boolean> {
  if (!wanted) return true;
  if (!('klaviyo-simulator' in stack.file.services)) {
    console.log(
      'KLAVIYO_API_URL is set, so no sample is exported. Create a connection and an export of your own; the README says how.',
    );
    return true;
  }
  try {
    const agrees = await runSample(stack, signal);
    console.log(
      agrees
        ? 'The sample export came out as expected.'
        : `The sample export did not come out as expected. Logs: ${stack.file.logs}`,
    );
    return agrees;
  } catch (error) {
    if (signal.aborted || !(error instanceof Error)) throw error;
    console.error(
      `The sample export failed: ${error instanceof StackError ? error.message : error.stack}\nLogs: ${stack.file.logs}`,
    );
    return false;
  }
}

function printAddresses({ file, dir }: Stack): void {
  console.log(`\nStack ${dir}`);
  for (const [name, { urls }] of Object.entries(file.services)) console.log(`  ${name.padEnd(20)} ${urls.join(' ')}`);
  console.log(`  ${'Kafka'.padEnd(20)} ${file.kafkaBrokers}`);
  console.log(`  ${'logs'.padEnd(20)} ${file.logs}`);
  if ('klaviyo-simulator' in file.services) {
    console.log(`  ${'simulated Klaviyo'.padEnd(20)} key ${simulatedAccount.apiKey}, list ${simulatedAccount.listId}`);
  }
  console.log('');
}

/** The first signal stops in order, a second one hard. The death of npm counts as a signal, because nobody could reach us any more. */
function endOnSignals(stack: Stack): { signal: AbortSignal; isUp: () => void } {
  const ending = new AbortController();
  let up = false;
  let firstAt = 0;
  const end = (exitCode: number): void => {
    if (firstAt !== 0) {
      if (Date.now() - firstAt < SAME_SIGNAL_MS) return;
      stack.kill();
      process.exit(exitCode);
    }
    firstAt = Date.now();
    ending.abort();
    console.log('\nStopping ... (once more: at once)');
    // Once it was up, Ctrl-C is the ordinary end; before that it broke something off.
    stack.stop().then(() => process.exit(up ? 0 : exitCode), reportAndExit);
  };
  for (const [name, exitCode] of Object.entries(exitCodes)) process.on(name, () => end(exitCode));
  const npm = process.ppid;
  const lostNpm = (): boolean => process.env['npm_lifecycle_event'] === 'start' && process.ppid !== npm;
  setInterval(() => firstAt === 0 && lostNpm() && end(exitCodes.SIGHUP), PARENT_POLL_MS).unref();
  return {
    signal: ending.signal,
    isUp: () => {
      up = true;
    },
  };
}

void main().catch(reportAndExit);
