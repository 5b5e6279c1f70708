import { chownSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { StackError } from './stack-error';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** How to run PostgreSQL's programs: they refuse to work for root. */
export interface PostgresRunner {
  command(program: string, args: readonly string[]): { command: string; args: string[] };
  /** Gives a file or folder to the account that the programs run under. */
  own(path: string): void;
}

const asOneself: PostgresRunner = { command: (program, args) => ({ command: program, args: [...args] }), own: () => undefined };

/**
 * Without the securebit the kernel forgets the capability in access(2), by which PostgreSQL looks for its own programs. All other
 * capabilities go when the program starts.
 */
const passThrough = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];

/**
 * For root, PostgreSQL runs under the system's `postgres` account, or `nobody`. Where that account may not enter the folders
 * above the data or the programs (a clone under /root), it keeps the one capability that lets it pass.
 */
export function postgresRunner(paths: readonly string[]): PostgresRunner {
  if (process.getuid?.() !== 0) return asOneself;
  const account = accountOf('postgres') ?? accountOf('nobody');
  const setpriv = findProgram('setpriv');
  if (account === null || setpriv === null) {
    throw new StackError('PostgreSQL does not run as root. Start as an ordinary user, or install util-linux (setpriv).');
  }
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const passage = paths.every(isOpenToAll) ? [] : passThrough;
  return {
    command: (program, args) => ({ command: setpriv, args: [...identity, ...passage, '--', program, ...args] }),
    own: (path) => chownSync(path, account.uid, account.gid),
  };
}

function isOpenToAll(path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function accountOf(name: string): Account | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

function findProgram(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => statSync(file, { throwIfNoEntry: false })?.isFile()) ?? null;
}
