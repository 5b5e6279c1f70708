import { sourceChildArguments } from '@courier/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { IntakeStep } from '../intake/observer';
import type { IntakeHarness } from './intake-harness';

const PATIENCE_MS = 240_000;

/** Starts an instance of the harness' service in a process of its own and waits until it has killed itself at this step. */
export async function killedAt(harness: IntakeHarness, dieAt: IntakeStep): Promise<void> {
  const file = join(__dirname, 'note-service-main.ts');
  const child = spawn(process.execPath, [...sourceChildArguments(file), JSON.stringify({ ...harness.service, dieAt })], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (signal !== 'SIGKILL') throw new Error(`it never came to "${dieAt}": exit ${code} by ${signal}`);
}
