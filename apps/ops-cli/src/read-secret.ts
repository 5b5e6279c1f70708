import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { usageError } from './ops-error';
import type { Terminal } from './terminal';

const SECRET_BYTES_MAX = 10_000;

/**
 * A secret from a file, or from stdin for `-`. Never from the command line, where every user of the machine and the shell's history
 * would see it.
 */
export async function readSecret(from: string, what: string, terminal: Terminal): Promise<string> {
  const secret = (from === '-' ? await readStdin(what, terminal) : await readSecretFile(from, terminal.cwd)).trim();
  if (secret === '') throw usageError(`There is no ${what}.`, from === '-' ? 'stdin was empty.' : `${from} is empty.`);
  return secret;
}

async function readSecretFile(from: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, from), 'utf8');
  } catch (error) {
    throw usageError(
      `${from} cannot be read.`,
      (error as Error).message,
      'Name a file that holds the key and nothing else, or - for stdin.',
    );
  }
}

async function readStdin(what: string, terminal: Terminal): Promise<string> {
  if (terminal.stdin.isTTY) return promptUnseen(what, terminal);
  let text = '';
  for await (const chunk of terminal.stdin) {
    text += String(chunk);
    if (text.length > SECRET_BYTES_MAX) throw usageError(`This is no ${what}.`, 'stdin holds far too much for one.');
  }
  return text;
}

async function promptUnseen(what: string, { stdin, stderr }: Terminal): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: unseen, terminal: true });
  lines.on('SIGINT', () => {
    stderr.write('\n');
    process.exit(130);
  });
  try {
    stderr.write(`${what} (not shown): `);
    return await lines.question('');
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
