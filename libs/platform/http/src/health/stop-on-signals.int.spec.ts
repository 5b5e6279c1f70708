import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sourceChildArguments } from '@courier/testing';
import { afterEach, describe, expect, it } from '@jest/globals';

describe('a service', () => {
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill('SIGKILL'));

  async function exitAfter(signal: NodeJS.Signals, closes: 'at once' | 'never'): Promise<unknown[]> {
    const main = join(__dirname, '../testing/stoppable-main.ts');
    const started = spawn(process.execPath, [...sourceChildArguments(main), closes], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    const exit = once(started, 'exit');
    await once(started.stdout, 'data');
    started.stdout.resume();
    started.kill(signal);
    return exit;
  }

  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('that %s ends says so with %i', async (signal, code) => {
    expect(await exitAfter(signal, 'at once')).toEqual([code, null]);
  });

  it('that cannot stop in order ends all the same, and nobody needs to kill it', async () => {
    expect(await exitAfter('SIGTERM', 'never')).toEqual([0, null]);
  });
});
