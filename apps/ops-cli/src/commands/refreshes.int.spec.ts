import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runOps } from '../program';
import type { Terminal } from '../terminal';

// Nobody listens at the brokers of this stack: an event that was to be sent ends with `kafka_failed`.

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'courier-ops-'));
  const url = 'http://127.0.0.1:1';
  const services = { 'export-orchestrator': { url }, 'connection-service': { url } };
  const stack = { kafkaBrokers: '127.0.0.1:1', environmentId: 'dev', services, operatorToken: 't', control: { url, token: 't' } };
  writeFileSync(join(dir, 'stack.json'), JSON.stringify({ ...stack, snapshotRoot: join(dir, 'snapshots') }));
  for (const folder of ['snapshots', 'snapshots-of-others']) {
    mkdirSync(join(dir, folder));
    writeFileSync(join(dir, folder, 'a.csv'), 'Email\na@example.com\n');
  }
  symlinkSync(join(dir, 'snapshots-of-others'), join(dir, 'snapshots', 'link'));
});

afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function publish(...source: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const terminal = { env: { STACK_DIR: dir }, cwd: dir, stdin, stdout, stderr } as unknown as Terminal;
  const exitCode = await runOps(['refreshes', 'publish', ...source], terminal);
  return { exitCode, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

describe('ops refreshes publish, with the stack of a folder', () => {
  it.each(['snapshots-of-others/a.csv', 'snapshots/link/a.csv'])(
    'warns of %s, outside of its snapshot root, and goes on',
    async (file) => {
      const { exitCode, stderr } = await publish('--csv', file, '--segment', 's');
      const warning = `Warning: ${join(dir, file)} will be refused (snapshot_outside_roots) unless SNAPSHOT_ROOTS allows it.`;
      expect(stderr).toContain(
        `${warning}\nRemedy: put the files below ${join(dir, 'snapshots')} and publish them from there.\n`,
      );
      expect(stderr).toContain('(kafka_failed)');
      expect(exitCode).toBe(2);
    },
  );

  it('warns of the files of an event too', async () => {
    const uris = ['a', 'b'].map((name) => pathToFileURL(join(dir, 'elsewhere', name)).href);
    const partitions = [...uris, 'file:///elsewhere%2Fc'].map((uri) => ({ uri, rows: 0 }));
    const snapshot = { format: 'csv', partitions, compression: 'none', rowCount: 0, createdAt: '2026-11-24T02:15:44Z' };
    const refresh = { id: 'r', trigger: 'manual', completedAt: '2026-11-24T02:15:44Z', result: 'successful' };
    const event = { environmentId: 'dev', segment: { id: 's', displayName: 's' }, refresh, sequence: 1, snapshot };
    writeFileSync(join(dir, 'event.json'), JSON.stringify(event));
    expect((await publish('--file', 'event.json')).stderr).toContain(
      `Warning: ${join(dir, 'elsewhere', 'a')} and 2 more will be`,
    );
  });

  it('warns of nothing below the root', async () => {
    const { stderr } = await publish('--csv', 'snapshots/a.csv', '--segment', 's');
    expect(stderr).toContain('(kafka_failed)');
    expect(stderr).not.toContain('Warning');
  });
});
