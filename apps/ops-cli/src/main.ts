import { runOps } from './program';
import { processTerminal } from './terminal';

// A reader that has seen enough (`ops runs list | head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

void runOps(process.argv.slice(2), processTerminal()).then((exitCode) => {
  process.exitCode = exitCode;
});
