import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GeneratedSegment } from '@courier/sample-segment';
import { stackDir } from './stack';

const program = join(__dirname, '../../../ops-cli/dist/main.js');

/** What `ops` printed as JSON. Throws what it said when it failed. */
export async function ops<T>(...args: string[]): Promise<T> {
  const env = { ...process.env, STACK_DIR: stackDir() };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, '-o', 'json'], { env });
  return JSON.parse(stdout) as T;
}

export interface Published {
  rowCount: number;
  partitions: number;
  verdict: string | null;
  runIds: string[];
}

/** Publishes a generated segment as an operator does, from its files alone. */
export function publish({ format, manifestPath, entity, partitions }: GeneratedSegment): Promise<Published> {
  const source =
    format === 'cdm-csv'
      ? ['--manifest', manifestPath, '--entity', entity]
      : [`--${format}`, ...partitions.map(({ path }) => path), '--segment', entity];
  return ops<Published>('refreshes', 'publish', ...source);
}

export interface Printed {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** What an operator sees, however the command ends. */
export function opsPrints(...args: string[]): Promise<Printed> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { ...process.env, STACK_DIR: stackDir() } },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}
