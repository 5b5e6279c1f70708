// npm start: builds what changed, then starts the embedded stack.
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, root } from './build.mjs';
import { stopOnSignals } from './child.mjs';

const STOP_MS = 15_000;

const forgetSignals = stopOnSignals({ graceMs: STOP_MS });
removeStaleStackFile();
console.log('Building (a few seconds the first time) ...');
if ((await build()) !== 0) {
  console.error('The build failed, see above.');
  process.exit(1);
}
forgetSignals();
await import('./dist/start-main.js');

/**
 * Whoever waits for the stack file must not find one that a killed stack left; a running stack keeps its own. The built code may
 * be missing or old at this point, so the check is the simple one; the start itself looks closer.
 */
function removeStaleStackFile() {
  const dir = resolve(root, process.env.STACK_DIR || '.local');
  try {
    process.kill(JSON.parse(readFileSync(join(dir, 'processes.json'), 'utf8')).supervisor.pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') rmSync(join(dir, 'stack.json'), { force: true });
  }
}
