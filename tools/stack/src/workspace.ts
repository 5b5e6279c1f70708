import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StackError } from './stack-error';

/** The clone that this file belongs to, whether it runs from src or from dist. */
export const workspaceRoot = resolve(__dirname, '../../..');

/** Where a stack keeps its data; a relative `STACK_DIR` counts from the clone. */
export function stackDir(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(workspaceRoot, environment['STACK_DIR'] || '.local');
}

/** The folder of Kafka's jars that tools/stack/bootstrap.mjs filled; named after the hash of pom.xml, as there. */
export function kafkaLibs(): string {
  const pom = readFileSync(join(workspaceRoot, 'tools/stack/pom.xml'), 'utf8');
  const name = `kafka-${createHash('sha256').update(pom).digest('hex').slice(0, 16)}`;
  const libs = join(workspaceRoot, '.cache', name, 'libs');
  if (!existsSync(libs)) throw new StackError('Kafka is not installed in this clone. Run: npm run bootstrap');
  return libs;
}

/** The Java that tools/stack/bootstrap.mjs chose; that of the PATH where it has not run. */
export function javaProgram(): string {
  const chosen = join(workspaceRoot, '.cache/java');
  return existsSync(chosen) ? chosen : 'java';
}

/** Java reads and writes names of files in the locale's letters: in POSIX it fails at a folder with any beyond ASCII. */
export const javaEnvironment = { LC_ALL: 'C.UTF-8' };
