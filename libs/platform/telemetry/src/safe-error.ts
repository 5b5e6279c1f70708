import { AppError } from '@courier/kernel';
import { allowFields, type LogFields } from './allow-list';
import { scrubText } from './scrub-text';

export interface SafeError {
  name: string;
  code?: string;
  message?: string;
  retryable?: boolean;
  context?: LogFields;
  frames?: string[];
  cause?: SafeError;
}

const wordPattern = /^[\w.-]{1,64}$/;
const framesMax = 12;
const causesMax = 4;

/**
 * What may be said of an error. Our own AppErrors speak for themselves; the text of any other is left out, because libraries quote
 * the data they failed on (PostgreSQL a key, DuckDB a row, a JSON parser its input). Its name, code and stack frames stay.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' && wordPattern.test(error.code) ? error.code : undefined;
  return {
    name: wordPattern.test(error.name) ? error.name : 'Error',
    ...(code === undefined ? {} : { code }),
    ...(error instanceof AppError
      ? { message: scrubText(error.message), retryable: error.retryable, context: allowFields(error.context) }
      : {}),
    frames: stackFrames(error.stack),
    ...(error.cause !== undefined && depth < causesMax ? { cause: safeError(error.cause, depth + 1) } : {}),
  };
}

/** The lines of a stack that name code; those before them repeat the message. */
export function stackFrames(stack: string | undefined): string[] {
  return (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at .*(:\d+:\d+|<anonymous>|native)\)?$/.test(line))
    .slice(0, framesMax)
    .map((line) => scrubText(line.trim()));
}
