// npm start: builds what changed, then starts the embedded stack.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, root } from './build.mjs';
import { run, stopOnSignals } from './child.mjs';

const NODE_MIN = 22;
const ownNode = join(root, 'node_modules/.bin/node');

const STOP_MS = 15_000;

const forgetSignals = stopOnSignals({ graceMs: STOP_MS });
if (Number(process.versions.node.split('.')[0]) < NODE_MIN && existsSync(ownNode)) {
  // Called without npm, which would have put the Node of this clone first.
  process.exit(await run(ownNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]));
}
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
