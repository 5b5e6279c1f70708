import { isDeepStrictEqual } from 'node:util';

export type Reference = { type: string; id: string };

/** A field by name. Its values stand beside it only where they are neither a secret nor profile data. */
export type FieldChange = {
  field: string;
  from?: string | number | undefined;
  to?: string | number | undefined;
};

/** What was done to what. */
export interface AuditEntry {
  /** `<type of aggregate>.<past tense>`. */
  action: string;
  aggregate: Reference;
  reason?: string | null;
  changes?: FieldChange[];
  /** What else it concerns. */
  related?: Reference[];
}

/** As it is kept and told. */
export type AuditRecord = {
  auditId: string;
  recordedAt: string;
  actor: { sub: string; name: string; roles: string[]; address: string | null };
  action: string;
  aggregate: Reference;
  reason: string | null;
  changes: FieldChange[];
  related: Reference[];
};

/** Which of these fields differ, by name alone; with both values where `shown` names them. */
export function changedFields<T extends object>(
  before: T,
  after: T,
  { named = [], shown = [] }: { named?: readonly (keyof T & string)[]; shown?: readonly ShowableField<T>[] },
): FieldChange[] {
  const differs = (field: keyof T) => !isDeepStrictEqual(before[field], after[field]);
  return [
    ...named.filter(differs).map((field) => ({ field })),
    ...shown.filter(differs).map((field) => ({ field, from: shownValue(before[field]), to: shownValue(after[field]) })),
  ];
}

type ShowableField<T> = { [Field in keyof T]: T[Field] extends string | number ? Field : never }[keyof T] & string;

function shownValue(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
