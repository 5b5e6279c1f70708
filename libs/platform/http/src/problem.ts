/** One thing that is wrong with a request, found at `path` (`mapping.email`, `segmentIds[0]`). Never holds the value itself. */
export interface ProblemIssue {
  path: string;
  code: string;
  detail: string;
}

export interface ProblemMore {
  /** What the caller can do about it. */
  remedy?: string;
  errors?: ProblemIssue[];
  /** Response headers that belong to the status, such as WWW-Authenticate. */
  headers?: Record<string, string>;
}

/** An answer other than the wanted one; the filter writes it as RFC 9457. For adapters/http only. */
export class ProblemError extends Error {
  readonly remedy: string | null;
  readonly errors: ProblemIssue[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    { remedy, errors, headers }: ProblemMore = {},
  ) {
    super(code);
    this.name = 'ProblemError';
    this.remedy = remedy ?? null;
    this.errors = errors;
    this.headers = headers ?? {};
  }
}

/** `throw problem(404, 'connection_not_found', 'No such connection.')`; a text as fourth argument is the remedy. */
export function problem(status: number, code: string, detail: string, more: string | ProblemMore = {}): ProblemError {
  return new ProblemError(status, code, detail, typeof more === 'string' ? { remedy: more } : more);
}
