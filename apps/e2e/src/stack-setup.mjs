import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { receiveSpans } from './otlp-receiver.mjs';
import stopStack, { hasEnded } from './stack-teardown.mjs';

const READY_MAX_MS = 480_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** One stack for the whole ring, started as a user starts it. E2E_STACK_DIR set: the stack that runs there is used instead. */
export default async function startStack() {
  if (process.env.E2E_STACK_DIR) return;
  const dir = mkdtempSync(join(tmpdir(), 'courier-e2e-'));
  const log = openSync(join(dir, 'npm-start.log'), 'a');
  const spans = await receiveSpans(join(dir, 'telemetry', 'spans.ndjson'));
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: spans.url, OTEL_BSP_SCHEDULE_DELAY: '500' };
  const child = spawn(process.execPath, [join(root, 'tools/stack/start.mjs'), '--no-sample'], {
    cwd: root,
    env: { ...process.env, ...tracing, STACK_DIR: dir },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  globalThis.__e2eStack = { child, dir, spans };
  const deadline = Date.now() + READY_MAX_MS;
  while (!existsSync(join(dir, 'stack.json'))) {
    if (hasEnded(child) || Date.now() > deadline) {
      const said = readFileSync(join(dir, 'npm-start.log'), 'utf8');
      // Jest calls no teardown after a setup that failed.
      await stopStack();
      throw new Error(`the stack did not start:\n${said}`);
    }
    await sleep(200);
  }
  process.env.E2E_STACK_DIR = dir;
}
