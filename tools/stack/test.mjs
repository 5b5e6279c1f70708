// npm test: every ring against the real Kafka and PostgreSQL. It ends after the first step with a ring that fails, with that ring's exit code.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, root } from './build.mjs';
import { run, stopOnSignals } from './child.mjs';

const LEFTOVERS_MAX_MS = 15_000;
const OUTAGES = 'outages\\.e2e\\.spec\\.ts$';
const OWN_STACKS = '(scale-out|rewind|stack-lifecycle)\\.e2e\\.spec\\.ts$';
/** What operators do takes three to six minutes of its own, too long for every change: `npm run test:replay`. */
const REPLAY = '(replay|runbook)\\.e2e\\.spec\\.ts$';

const here = RegExp.escape(root);

// Everything that the specs write goes here, so that it is gone afterwards whatever happens to them.
const scratch = mkdtempSync(join(tmpdir(), 'courier-test-'));
const totals = { passed: 0, failed: 0 };

const rings = {
  lint: () => program('eslint/bin/eslint.js', ['.', '--max-warnings', '0']),
  format: () => program('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  types: () => program('typescript/bin/tsc', ['-b']),
  build: () => build(),
  unit: () => jest('unit'),
  integration: () => jest('integration', { args: ['--testPathPatterns', `${here}(apps|tools)/`] }),
  libraries: () => jest('integration', { args: ['--testPathPatterns', `${here}libs/`] }),
  outages: () => jest('e2e', { args: ['--testPathPatterns', OUTAGES], env: { E2E_STACK_DIR: 'none' } }),
  journeys: () => jest('e2e', { args: ['--testPathIgnorePatterns', OUTAGES, OWN_STACKS, REPLAY] }),
  stacks: () => jest('e2e', { args: ['--testPathPatterns', OWN_STACKS], env: { E2E_STACK_DIR: 'none' } }),
};

/** Steps follow one another. The lanes of a step run side by side, and the rings of a lane one by one: most of them mostly wait. */
const steps = [
  [['lint'], ['format', 'types', 'build', 'unit']],
  [
    ['integration', 'journeys'],
    ['outages', 'stacks', 'libraries'],
  ],
];

/** Runs a program of node_modules on this Node; its output is shown only when it fails. */
async function program(file, args, env = {}) {
  let output = '';
  const code = await run(process.execPath, [join(root, 'node_modules', file), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: scratch, ...env },
    onSpawn: (child) => [child.stdout, child.stderr].forEach((stream) => stream.on('data', (text) => (output += text))),
  });
  if (code !== 0) process.stderr.write(output);
  return code;
}

let reports = 0;

async function jest(ring, { args = [], env = {} } = {}) {
  reports += 1;
  const results = join(scratch, `report-${reports}.json`);
  const reporting = ['--passWithNoTests', '--json', `--outputFile=${results}`, '--reporters=default'];
  const code = await program('jest/bin/jest.js', ['--config', `jest.${ring}.config.mjs`, ...reporting, ...args], env);
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'));
    totals.passed += numPassedTests;
    totals.failed += numFailedTests;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return code;
}

/** A ring that was broken off leaves its servers to their watchdogs; each removes its list of processes when it is done. */
async function cleanUp() {
  const deadline = Date.now() + LEFTOVERS_MAX_MS;
  const busy = () => readdirSync(scratch, { recursive: true }).some((file) => file.endsWith('processes.json'));
  while (busy() && Date.now() < deadline) await sleep(100);
  rmSync(scratch, { recursive: true, force: true });
}

async function runLane(lane) {
  for (const name of lane) {
    const startedAt = Date.now();
    const code = await rings[name]();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${name.padEnd(12)} ${code === 0 ? 'ok    ' : 'failed'} ${seconds.padStart(6)} s`);
    if (code !== 0) return code;
  }
  return 0;
}

async function runSteps() {
  for (const lanes of steps) {
    console.log(`${new Date().toISOString()} ${lanes.flat().join(', ')} ...`);
    const codes = await Promise.all(lanes.map(runLane));
    const failed = codes.find((code) => code !== 0);
    if (failed !== undefined) return failed;
  }
  return 0;
}

stopOnSignals({ beforeExit: cleanUp });
const code = await runSteps();
await cleanUp();
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = code;
