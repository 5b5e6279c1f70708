// npm run test:again -- <spec> [--times 20] [--burners 1]: repeats one spec file while other processes keep cores busy, and says
// how often it held. The first failure's output is printed whole.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, root } from '../stack/build.mjs';
import { run, stopOnSignals } from '../stack/child.mjs';
import { startBuiltInfrastructure } from '../stack/integration-infrastructure.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '20' }, burners: { type: 'string', default: '1' } },
});
const [spec] = positionals;
const times = Number(values.times);
const burners = Number(values.burners);
if (spec === undefined || !(times > 0) || !(burners >= 0)) {
  console.error('Usage: npm run test:again -- <spec file or part of its path> [--times 20] [--burners 1]');
  process.exit(1);
}

const ring = spec.includes('.e2e.') ? 'e2e' : spec.includes('.int.') ? 'integration' : 'unit';
const ownStack = /(outages|scale-out|rewind|stack-lifecycle|replay)\.e2e/.test(spec);
const scratch = mkdtempSync(join(tmpdir(), 'courier-again-'));
const busy = [];
let infrastructure = null;

async function cleanUp() {
  for (const child of busy) child.kill();
  await infrastructure?.stop();
  rmSync(scratch, { recursive: true, force: true });
}

stopOnSignals({ beforeExit: cleanUp });
if ((await build()) !== 0) process.exit(1);
const env = { ...process.env, TMPDIR: scratch, ...(ownStack ? { E2E_STACK_DIR: 'none' } : {}) };
if (ring === 'integration') {
  infrastructure = await startBuiltInfrastructure(join(scratch, 'infrastructure'));
  Object.assign(env, { TEST_KAFKA_BROKERS: infrastructure.kafkaBrokers, TEST_POSTGRES_URL: infrastructure.postgresAdminUrl });
}
for (let count = 0; count < burners; count += 1) busy.push(spawn(process.execPath, ['-e', 'for(;;){}'], { stdio: 'ignore' }));

let held = 0;
let firstFailure = '';
for (let round = 1; round <= times; round += 1) {
  let output = '';
  const startedAt = performance.now();
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--config', `jest.${ring}.config.mjs`, '--runInBand', spec];
  const code = await run(process.execPath, jest, {
    cwd: root,
    env: { ...env, FUZZ_SEED: String(round) },
    stdio: ['ignore', 'pipe', 'pipe'],
    onSpawn: (child) => [child.stdout, child.stderr].forEach((stream) => stream.on('data', (text) => (output += text))),
  });
  if (code === 0) held += 1;
  else firstFailure ||= output;
  console.log(`${round}. ${code === 0 ? 'held' : 'failed'} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}
await cleanUp();
process.stderr.write(firstFailure);
console.log(`${spec} held ${held} of ${times} times beside ${burners} busy ${burners === 1 ? 'process' : 'processes'}`);
process.exitCode = held === times ? 0 : 1;
