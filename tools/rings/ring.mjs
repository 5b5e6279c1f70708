// One ring of one project's specs, as Nx' targets run it: node tools/rings/ring.mjs <ring> <folder>
// Prints one line when all is well, else everything that Jest said. Jest's report goes to the project's .reports, for the totals.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../stack/build.mjs';
import { run, stopOnSignals } from '../stack/child.mjs';
import { rings } from './rings.mjs';

const [name = '', folder = ''] = process.argv.slice(2);
const { config, path = 'src/', ownStacks = false } = rings[name];
const report = join(root, folder, '.reports', `${name}.json`);
const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--config', `jest.${config}.config.mjs`];
const reporting = ['--json', `--outputFile=${report}`, '--reporters=default'];

stopOnSignals();
mkdirSync(join(root, folder, '.reports'), { recursive: true });
const startedAt = performance.now();
let output = '';
process.exitCode = await run(
  process.execPath,
  [...jest, ...reporting, '--testPathPatterns', `${RegExp.escape(`${root}${folder}/`)}${path}`],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(ownStacks ? { E2E_STACK_DIR: 'none' } : {}) },
    onSpawn: (child) => [child.stdout, child.stderr].forEach((stream) => stream.on('data', (text) => (output += text))),
  },
);
if (process.exitCode !== 0) process.stderr.write(output);
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(`${name} of ${folder}: ${numPassedTests} passed, ${numFailedTests} failed, ${seconds} s`);
