import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { seedSchema } from './adapters/http/control/control-schemas';
import type { Seed } from './domain/world';

const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3004),
  HOST: z.string().min(1).default('127.0.0.1'),
  SIMULATOR_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{4,200}$/)
    .default('pk_simulator_full_access_0001'),
  SIMULATOR_LIST_ID: z
    .string()
    .regex(/^\w{1,40}$/)
    .default('LST001'),
  /** A JSON file in the shape of the control plane's state; replaces the default account. */
  SIMULATOR_SEED_FILE: z.string().min(1).optional(),
});

export interface SimulatorConfig {
  port: number;
  host: string;
  seed: Seed;
}

/** All bad settings at once, by name and reason; a value may be a key and is never repeated. */
export class SettingsError extends Error {}

export function readConfig(env: NodeJS.ProcessEnv): SimulatorConfig {
  const read = settings.safeParse(env);
  if (!read.success) throw new SettingsError(listIssues(read.error));
  const { PORT: port, HOST: host, SIMULATOR_SEED_FILE: file } = read.data;
  return { port, host, seed: file === undefined ? defaultSeed(read.data) : readSeed(file) };
}

function defaultSeed(read: { SIMULATOR_API_KEY: string; SIMULATOR_LIST_ID: string }): Seed {
  const keys = [{ key: read.SIMULATOR_API_KEY, scopes: 'all' as const }];
  const lists = [{ id: read.SIMULATOR_LIST_ID, name: 'Newsletter' }];
  return { accounts: [{ id: 'ACC001', name: 'Simulated Shop', keys, lists }] };
}

function readSeed(file: string): Seed {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SettingsError('SIMULATOR_SEED_FILE: cannot be read as JSON', { cause });
  }
  const seed = seedSchema.safeParse(content);
  if (!seed.success) throw new SettingsError(listIssues(seed.error, 'SIMULATOR_SEED_FILE '));
  const { knobs, jobRules, ...rest } = seed.data;
  return { ...rest, ...(knobs ? { knobs: defined(knobs) } : {}), ...(jobRules ? { jobRules: defined(jobRules) } : {}) };
}

function defined<T extends object>(partial: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(partial).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function listIssues(error: z.ZodError, prefix = ''): string {
  return error.issues.map((issue) => `${prefix}${issue.path.join('.')}: ${issue.message}`).join('\n');
}
