import { AppError } from '@courier/kernel';
import { exitCodes, type ExitCode } from './exit-codes';

export interface Explanation {
  /** Stable snake_case word, the problem's own where a service answered. */
  code: string;
  /** What did not work, in the operator's words. */
  what: string;
  why: string;
  remedy?: string | null;
  /** Single findings, such as the fields of a request that were refused. */
  findings?: readonly string[];
  requestId?: string | null;
  exitCode?: ExitCode;
  retryable?: boolean;
  cause?: unknown;
}

/** A failure that the operator is told about as: what, why, remedy. */
export class OpsError extends AppError {
  readonly why: string;
  readonly remedy: string | null;
  readonly findings: readonly string[];
  readonly requestId: string | null;
  readonly exitCode: ExitCode;

  constructor({ code, what, why, remedy, findings, requestId, exitCode, retryable, cause }: Explanation) {
    super(code, what, { retryable: retryable ?? false, cause });
    this.name = 'OpsError';
    this.why = why;
    this.remedy = remedy ?? null;
    this.findings = findings ?? [];
    this.requestId = requestId ?? null;
    this.exitCode = exitCode ?? exitCodes.failed;
  }
}

/** For what this version cannot do yet. Refused by name, because an ignored wish would look like a done one. */
export function notSupported(wish: string, remedy: string): OpsError {
  return new OpsError({
    code: 'not_supported',
    what: `${wish} is not supported.`,
    why: 'This version cannot do it.',
    remedy,
    exitCode: exitCodes.usage,
  });
}

export function usageError(what: string, why: string, remedy?: string): OpsError {
  return new OpsError({ code: 'usage', what, why, remedy: remedy ?? null, exitCode: exitCodes.usage });
}
