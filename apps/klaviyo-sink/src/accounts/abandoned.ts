import { AppError } from '@courier/kernel';

const CODE = 'abandoned';

/** Ends work whose lease is lost or whose process is stopping. Nothing is recorded of it: whoever takes it up begins where it was. */
function abandoned(): AppError {
  return new AppError(CODE, 'the work was ended before its next call', { retryable: true });
}

export function assertWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abandoned();
}

export function isAbandoned(error: unknown): boolean {
  return error instanceof AppError && error.code === CODE;
}
