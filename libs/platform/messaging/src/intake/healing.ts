import { AppError } from '@courier/kernel';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';

/**
 * Whether the same record may go through another time. Classes 22 (data), 23 (constraint) and 54 (a limit of PostgreSQL) come back with
 * the same record; every other database error may pass. TypeORM takes the connection away from a transaction when it breaks.
 */
export function canHeal(error: unknown): boolean {
  if (error instanceof AppError) return error.retryable;
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: string };
  return code === undefined || !/^(2[23]|54)/.test(code);
}

/** A word for the log, never the message: libraries quote data in theirs. */
export function errorCode(error: unknown): string {
  if (error instanceof AppError) return error.code;
  if (error instanceof QueryFailedError) return `database_error ${(error.driverError as { code?: string }).code ?? 'connection'}`;
  return error instanceof Error ? error.name : 'unknown_error';
}
