// npm test: every ring of every project against the real Kafka and PostgreSQL, by Nx, which runs only what a change touches.
// npm run affected: the same for the projects that differ from main (NX_BASE names another base).
// What Nx cannot do stands here: the build before anything else, one Kafka and one PostgreSQL for all integration specs, the totals.
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, nxEnvironment, root } from '../stack/build.mjs';
import { run, stopOnSignals } from '../stack/child.mjs';
import { startBuiltInfrastructure } from '../stack/integration-infrastructure.mjs';

const LEFTOVERS_MAX_MS = 15_000;
const which = process.argv.includes('--affected') ? 'affected' : 'run-many';
/**
 * Steps follow one another; the lanes of a step run beside each other, each by an Nx of its own, which would begin with what most
 * projects depend on and so leave the longest to the end. The second step waits for servers and processes more than it computes.
 */
const steps = [
  [
    { targets: ['lint', 'format', 'typecheck'], parallel: 1 },
    { targets: ['unit', 'docs'], parallel: 1 },
  ],
  [
    { targets: ['outages', 'journeys', 'stacks', 'replay', 'runbook'], parallel: 2 },
    { targets: ['integration'], parallel: 2 },
  ],
];

// Everything that the specs write goes here, so that it is gone afterwards whatever happens to them.
const scratch = mkdtempSync(join(tmpdir(), 'courier-test-'));
let infrastructure = null;

function nx({ targets, parallel }, env) {
  const program = join(root, 'node_modules/nx/dist/bin/nx.js');
  const args = [program, which, '-t', targets.join(','), `--parallel=${parallel}`, '--outputStyle=static'];
  return run(process.execPath, args, { cwd: root, env: { ...nxEnvironment, TMPDIR: scratch, ...env } });
}

async function runLanes(lanes, env = {}) {
  const codes = await Promise.all(lanes.map((lane) => nx(lane, env)));
  return codes.find((code) => code !== 0) ?? 0;
}

async function runSteps() {
  const [quick, whole] = steps;
  const code = (await build()) || (await runLanes(quick));
  if (code !== 0) return code;
  infrastructure = await startBuiltInfrastructure(join(scratch, 'infrastructure'));
  const { kafkaBrokers, postgresAdminUrl } = infrastructure;
  return runLanes(whole, { TEST_KAFKA_BROKERS: kafkaBrokers, TEST_POSTGRES_URL: postgresAdminUrl });
}

/** A ring that was broken off leaves its servers to their watchdogs; each removes its list of processes when it is done. */
async function cleanUp() {
  await infrastructure?.stop();
  const deadline = Date.now() + LEFTOVERS_MAX_MS;
  const busy = () => readdirSync(scratch, { recursive: true }).some((file) => file.endsWith('processes.json'));
  while (busy() && Date.now() < deadline) await sleep(100);
  rmSync(scratch, { recursive: true, force: true });
}

/** Over all reports, those that Nx kept from an earlier run among them. */
function totals() {
  const reports = globSync('{apps,libs,libs/platform,tools}/*/.reports/*.json', { cwd: root });
  const counts = reports.map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')));
  const sum = (field) => counts.reduce((total, report) => total + report[field], 0);
  return `${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed`;
}

stopOnSignals({ beforeExit: cleanUp });
for (const file of globSync('{apps,libs,libs/platform,tools}/*/.reports', { cwd: root }))
  rmSync(join(root, file), { recursive: true });
process.exitCode = await runSteps();
await cleanUp();
console.log(totals());
