import { until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of a machine four times slower than a usual one. */
const MOMENT_MAX_MS = 300_000;
const GONE_MAX_MS = 240_000;
const TEST_MAX_MS = 900_000;

const start = join(__dirname, '../../../tools/stack/start.mjs');

describe('npm start', () => {
  let dir: string;
  const starts: { child: ChildProcess; exited: Promise<unknown[]> }[] = [];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'courier-lifecycle-'));
  });

  afterEach(async () => {
    for (const { child, exited } of starts.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL');
      await exited;
    }
    // The watchdog of a start that was killed ends what is left.
    await until(() => processesOf(dir).length === 0, GONE_MAX_MS);
    rmSync(dir, { recursive: true, force: true });
  });

  /** Started in a process group of its own, as a terminal does it. */
  function npmStart(...args: string[]): { child: ChildProcess; output: () => string; exited: Promise<unknown[]> } {
    const child = spawn(process.execPath, [start, ...args], {
      env: { ...process.env, STACK_DIR: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const exited = once(child, 'exit');
    starts.push({ child, exited });
    return { child, output: () => text, exited };
  }

  it(
    'runs the sample to its expected end with --exit, leaves no process, and does so again on the data it kept',
    async () => {
      for (const round of ['first', 'second']) {
        const { output, exited } = npmStart('--exit');
        const [code] = await exited;
        expect({ round, code, output: code === 0 ? '' : output() }).toEqual({ round, code: 0, output: '' });
        expect(output()).toContain('members of the list');
        expect(existsSync(join(dir, 'stack.json'))).toBe(false);
        await until(() => processesOf(dir).length === 0, GONE_MAX_MS);
      }
    },
    TEST_MAX_MS,
  );

  it.each<[string, NodeJS.Signals, RegExp]>([
    ['while Kafka and PostgreSQL start', 'SIGINT', /Starting Kafka/],
    ['while the services start', 'SIGTERM', /Starting the services/],
    ['in the middle of the sample', 'SIGINT', /Sample export: (verifying|planning|delivering)/],
  ])(
    'leaves no process when it is ended %s',
    async (_, signal, moment) => {
      const { child, output, exited } = npmStart();
      await until(() => moment.test(output()), MOMENT_MAX_MS);
      process.kill(-(child.pid ?? 0), signal);
      await exited;
      await until(() => processesOf(dir).length === 0, GONE_MAX_MS);
      expect(existsSync(join(dir, 'stack.json'))).toBe(false);
    },
    TEST_MAX_MS,
  );
});

/** Processes whose command line or environment names the stack's folder, apart from this one. */
function processesOf(dir: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => read(`/proc/${pid}/${file}`).includes(dir)));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
