export interface AppErrorOptions {
  /** True when the same call may succeed later without anybody changing anything. */
  retryable?: boolean;
  cause?: unknown;
  /** Facts for the log. Never a secret, never a profile value. */
  context?: Record<string, string | number | boolean | null>;
}

/**
 * The one error class for operating failures. `code` is a stable snake_case word that HTTP problems, dead letters and logs repeat;
 * expected outcomes of a use case are return values instead.
 */
export class AppError extends Error {
  readonly retryable: boolean;
  readonly context: Record<string, string | number | boolean | null>;

  constructor(
    readonly code: string,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.retryable = options.retryable ?? false;
    this.context = options.context ?? {};
  }
}
