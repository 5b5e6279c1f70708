// node tools/checks/openapi.mjs [--check]: writes docs/openapi/<service>.json from the built services, and from those the types that
// ops-cli calls them with. With --check it writes nothing, names what is out of date and ends with 1.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const services = ['connection-service', 'export-orchestrator', 'klaviyo-sink'];
const check = process.argv.includes('--check');
const run = promisify(execFile);

async function keep(file, text) {
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present === text) return;
  if (check) {
    console.error(`${relative(root, file)} is out of date: npm run openapi`);
    process.exitCode = 1;
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function describe(service) {
  const { stdout } = await run(process.execPath, [join(root, `apps/${service}/dist/openapi-main.js`)], { maxBuffer: 1e8 });
  await keep(join(root, `docs/openapi/${service}.json`), stdout);
  const types = astToString(await openapiTS(stdout, { alphabetize: true }));
  const head = `// Written by npm run openapi from docs/openapi/${service}.json.\n\n`;
  await keep(join(root, `apps/ops-cli/src/generated/${service}.ts`), head + types);
}

await Promise.all(services.map(describe));
