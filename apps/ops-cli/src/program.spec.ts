import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { runOps } from './program';
import type { Terminal } from './terminal';

/** Runs a command line on a terminal of its own. */
async function ops(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  // No stack runs in a folder that does not exist, and no OPS_* setting is there.
  const terminal = { env: { STACK_DIR: '/nowhere' }, cwd: '/', stdin, stdout, stderr } as unknown as Terminal;
  const exitCode = await runOps(args, terminal);
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { exitCode, stdout: text(stdout), stderr: text(stderr) };
}

describe('ops', () => {
  it.each([['runs', 'cancel', 'some-run']])('refuses %s %s by name, because this version cannot do it', async (...args) => {
    const { exitCode, stdout, stderr } = await ops(...args);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('not_supported');
  });

  it.each([
    [['connections', 'create', '--name', 'x', '--api-key-file', '-'], '--consent'],
    [['runs', 'list', '--status', 'sleeping'], '--status'],
    [['runs', 'list', '--from', 'yesterday'], '--from'],
    [['runs', 'list', '--limit', '1000'], '--limit'],
    [['runs', 'list', '-o', 'yaml'], '--output'],
    [['exports', 'create', '--name', 'x'], '--connection'],
    [['runs', 'start', '--export', 'e', '--without-ledger'], '--reason'],
    [['runs', 'show'], 'id'],
    [['runs', 'sleep'], 'sleep'],
    [['weather'], 'weather'],
    [['refreshes', 'publish'], '--file'],
    [['refreshes', 'publish', '--manifest', 'model.json'], '--entity'],
    [['refreshes', 'publish', '--manifest', 'model.json', '--file', 'event.json'], 'exclude'],
    [['refreshes', 'publish', '--file', 'event.json', '--sequence', '0'], 'as it is'],
    [['refreshes', 'publish', '--csv', 'a.csv', '--parquet', 'b.parquet', '--segment', 's'], 'exclude'],
    [['refreshes', 'publish', '--csv', 'a.csv'], '--segment'],
    [['refreshes', 'publish', '--ndjson', '--segment', 's'], '--ndjson'],
    [['refreshes', 'publish', '--csv', 'a.csv', '--segment', 's', '--entity', 'E'], '--entity'],
  ])('explains the wrong usage %j', async (args, named) => {
    const { exitCode, stdout, stderr } = await ops(...args);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Error: /);
    expect(stderr).toContain(named);
  });

  it('says how to name the services when nobody did', async () => {
    const { exitCode, stderr } = await ops('runs', 'list');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('OPS_EXPORT_ORCHESTRATOR_URL is required');
    expect(stderr).toContain('Remedy: Run npm start');
  });

  it('cannot stop a service where no stack runs', async () => {
    const { exitCode, stderr } = await ops('stack', 'stop', 'klaviyo-sink');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('No stack is running in /nowhere');
  });

  it('says in which order rows come', async () => {
    expect((await ops('runs', 'list', '--help')).stdout).toContain('how many, newest first (default 50)');
    expect((await ops('runs', 'rejected', '--help')).stdout).toMatch(
      /how many, invalid rows in their\s+order, then by batch\s+\(default 50\)/,
    );
  });

  it('prints help on request', async () => {
    const { exitCode, stdout } = await ops('refreshes', 'publish', '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('--manifest <model.json>');
  });
});
