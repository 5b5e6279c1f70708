import { AppError } from '@courier/kernel';
import { safeError } from './safe-error';

/**
 * The end of a start that failed: `main().catch(exitOnFailure)`. An AppError's text is for the operator (bad settings by name);
 * of anything else only name, code and frames are printed.
 */
export function exitOnFailure(error: unknown): never {
  const { name, code, frames = [], cause } = safeError(error);
  const headline = error instanceof AppError ? error.message : `${name}${code === undefined ? '' : ` (${code})`}`;
  const because = cause === undefined ? [] : [`caused by ${cause.name}${cause.code === undefined ? '' : ` (${cause.code})`}`];
  const details = error instanceof AppError ? because : [...frames, ...because];
  process.stderr.write(`The service could not start.\n${[headline, ...details].join('\n')}\n`);
  process.exit(1);
}
