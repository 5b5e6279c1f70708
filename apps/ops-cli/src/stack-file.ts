import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { OpsError } from './ops-error';
import { parsedJson } from './parse-json';

// The clone that this program belongs to, whether it runs from src or from dist. A relative STACK_DIR counts from it.
const workspaceRoot = resolve(__dirname, '../../..');

const stackFileSchema = z.looseObject({
  kafkaBrokers: z.string(),
  environmentId: z.string(),
  services: z.record(z.string(), z.looseObject({ url: z.string() })),
  operatorToken: z.string(),
  snapshotRoot: z.string().optional(),
  control: z.object({ url: z.string(), token: z.string() }),
});
export type StackFile = z.infer<typeof stackFileSchema>;

export function stackDir(env: NodeJS.ProcessEnv): string {
  return resolve(workspaceRoot, env['STACK_DIR'] || '.local');
}

/** The running embedded stack's file; null when no stack is up in that folder. */
export function readStackFile(dir: string): StackFile | null {
  const file = join(dir, 'stack.json');
  const text = readOrNull(file);
  return text === null ? null : parseStackFile(text, file);
}

export function parseStackFile(text: string, file: string): StackFile {
  const parsed = stackFileSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new OpsError({
    code: 'stack_file_unreadable',
    what: `${file} cannot be used.`,
    why: 'It is not a stack file of this version.',
    remedy: 'Stop the stack of that folder and start it again with npm start.',
    findings: parsed.error.issues.map(({ path }) => `${path.map(String).join('.') || 'the file'} is missing or wrong`),
  });
}

export function noStackError(dir: string): OpsError {
  return new OpsError({
    code: 'no_stack',
    what: `No stack is running in ${dir}.`,
    why: 'There is no stack.json in that folder.',
    remedy: 'Run npm start, with the same STACK_DIR.',
  });
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw new OpsError({
      code: 'stack_file_unreadable',
      what: `${file} cannot be read.`,
      why: (error as Error).message,
      remedy: 'The file belongs to whoever started the stack; run this command as the same user.',
      cause: error,
    });
  }
}
