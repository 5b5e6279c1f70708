import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workspaceRoot } from './workspace';

const files = ['bootstrap.mjs', 'child.mjs', 'lock.mjs', 'pom.xml'];
/** A file where a folder would have to be, so that root cannot write there either. */
const nowhere = '/dev/null/home';

// Java, Maven and npm are stand-ins that tell how they were called: what is odd here is the machine around them.
describe('the preparation of a clone on an odd machine', () => {
  let base: string;
  let clone: string;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'bootstrap-')));
    clone = join(base, 'Klön mit Lücken');
    mkdirSync(join(clone, 'tools/stack'), { recursive: true });
    for (const file of files) copyFileSync(join(workspaceRoot, 'tools/stack', file), join(clone, 'tools/stack', file));
    writeFileSync(join(clone, 'package-lock.json'), '{"packages":{}}');
    program(
      'path/mvn',
      'echo "$JAVA_HOME" > java-home',
      'echo "$LC_ALL" > locale',
      'echo "$@" > maven',
      'for last; do :; done',
      'd=${last#*=}',
      '/bin/mkdir -p "$d"',
    );
    writeFileSync(
      join(base, 'npm.mjs'),
      `import { writeFileSync } from 'node:fs'; import { mkdirSync } from 'node:fs';
      mkdirSync('node_modules'); writeFileSync('npm', process.argv.slice(2).join(' '));`,
    );
    java('path', '17.0.15');
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function program(path: string, ...lines: string[]): void {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(join(base, path), 0o755);
  }

  const java = (folder: string, version: string): void =>
    program(
      `${folder}/java`,
      'echo "Picked up JAVA_TOOL_OPTIONS: -Dx" >&2',
      `echo 'openjdk version "${version}" 2025-04-15' >&2`,
    );

  function bootstrap(around: NodeJS.ProcessEnv = {}) {
    const env = { PATH: join(base, 'path'), npm_execpath: join(base, 'npm.mjs'), HOME: base, ...around };
    const args = [join(clone, 'tools/stack/bootstrap.mjs')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    // Maven's home folder is that of the account, whoever runs this.
    return { status, said: stdout.split('\n').filter((line) => !/^(Installing|Fetching|maven cannot|$)/.test(line)), stderr };
  }

  const left = (file: string): string => readFileSync(join(clone, file), 'utf8').trim();
  const chosen = (): string => readlinkSync(join(clone, '.cache/java'));
  const quiet = { status: 0, said: [], stderr: '' };

  it('has nothing to say where nothing is odd', () => {
    java('jdk/bin', '21');
    expect(bootstrap({ JAVA_HOME: join(base, 'jdk') })).toEqual(quiet);
    expect([left('java-home'), chosen()]).toEqual([join(base, 'jdk'), join(base, 'path/java')]);
    expect(left('npm')).not.toContain('--cache');
  });

  it.each([
    ['holds no Java', null, 'no Java that runs'],
    ['holds Java 8', '1.8.0_412', 'Java 8, older than 17'],
    ['holds Java 11', '11.0.2', 'Java 11, older than 17'],
  ])('leaves a JAVA_HOME aside that %s, and says so', (_what, version, held) => {
    if (version !== null) java('jdk/bin', version);
    const home = join(base, 'jdk');
    expect(bootstrap({ JAVA_HOME: home })).toEqual({ ...quiet, said: [`JAVA_HOME is left aside: ${home} holds ${held}.`] });
    expect([left('java-home'), chosen()]).toEqual(['', join(base, 'path/java')]);
  });

  it.each([
    ['is old', '1.8.0_412'],
    ['is missing', null],
  ])('takes the Java of JAVA_HOME where that of the PATH %s', (_what, version) => {
    rmSync(join(base, 'path/java'));
    if (version !== null) java('path', version);
    java('jdk/bin', '17.0.1');
    expect(bootstrap({ JAVA_HOME: join(base, 'jdk') })).toEqual(quiet);
    expect(chosen()).toBe(join(base, 'jdk/bin/java'));
  });

  it.each([
    ['no Java', null, 'Missing: Java. '],
    ['an old Java alone', '1.8.0_412', 'Missing: Java 17 (found 8). '],
  ])('says in one line that there is %s', (_what, version, said) => {
    rmSync(join(base, 'path/java'));
    if (version !== null) java('path', version);
    const { status, stderr } = bootstrap();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^[^\n]*\n$/);
    expect(stderr).toContain(said);
  });

  it('follows a Java that moved, at the next start', () => {
    bootstrap();
    java('other', '25');
    expect(bootstrap({ PATH: join(base, 'other') })).toEqual(quiet);
    expect(chosen()).toBe(join(base, 'other/java'));
  });

  it('keeps what npm fetches in the clone where the home folder cannot be written to', () => {
    const { said } = bootstrap({ HOME: nowhere });
    expect(said).toEqual([`npm cannot write to ${nowhere}/.npm: what it fetches goes to .cache in this clone.`]);
    expect(left('npm')).toContain(`--cache ${join(clone, '.cache/npm')}`);
  });

  it('asks after the cache that npm is told to use, not after the home folder', () => {
    expect(bootstrap({ HOME: nowhere, npm_config_cache: join(base, 'cache') })).toEqual(quiet);
  });

  it('lets Maven, which is Java, work in a folder with letters beyond ASCII, whatever the locale', () => {
    expect(bootstrap({ LC_ALL: 'POSIX' })).toEqual(quiet);
    expect(left('locale')).toBe('C.UTF-8');
  });

  it('does without HOME', () => {
    expect(bootstrap({ HOME: undefined })).toMatchObject({ status: 0, stderr: '' });
  });
});
