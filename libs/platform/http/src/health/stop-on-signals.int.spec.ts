import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sourceChildArguments } from '@courier/testing';
import { describe, expect, it } from '@jest/globals';

describe('a service', () => {
  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('that %s ends says so with %i', async (signal, code) => {
    const main = join(__dirname, '../testing/stoppable-main.ts');
    const child = spawn(process.execPath, sourceChildArguments(main), { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    child.stdout.resume();
    child.kill(signal);
    expect(await exit).toEqual([code, null]);
  });
});
