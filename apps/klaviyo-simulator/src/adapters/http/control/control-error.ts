export interface ControlIssue {
  path: string;
  code: string;
  detail: string;
}

/** The control plane's own way to say no; it is no part of what Klaviyo has. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly issues: readonly ControlIssue[] = [],
  ) {
    super(code);
  }

  body(): object {
    const { status, code, detail, issues } = this;
    return { status, code, detail, ...(issues.length > 0 ? { errors: issues } : {}) };
  }
}

export function unknownAccount(id: string): ControlError {
  return new ControlError(404, 'unknown_account', `There is no account ${id}.`);
}
