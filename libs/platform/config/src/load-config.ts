import { z } from 'zod';
import { ConfigError, type BadSetting } from './config-error';

/**
 * Reads one app's settings. Every bad one is reported in the same error, so that an operator mends them in one go.
 * An empty variable counts as not set, because that is how compose files and shells leave a setting out.
 */
export function loadConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): z.infer<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => toBadSetting(issue, given)));
}

function toBadSetting(issue: z.core.$ZodIssue, given: Record<string, unknown>): BadSetting {
  const name = issue.path.map(String).join('.');
  const missing = issue.path.length === 1 && !(name in given) && issue.code !== 'custom';
  return { name, reason: missing ? 'is required' : reasonOf(issue) };
}

/** zod's own texts do not repeat the input, but say so by kind here rather than trust that of every later version. */
function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return `must be at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `must be at most ${String(issue.maximum)}`;
  if (issue.code === 'invalid_format') return `is not a valid ${issue.format}`;
  if (issue.code === 'invalid_type') return `must be a ${issue.expected}`;
  return 'is not valid';
}
