import type { Run } from '@courier/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './api';
import type { SimulatedProfile } from './simulator';

/** One acceptable end of a case; what is not named may be anything. */
export interface Outcome {
  name: string;
  /** Fields of the run. */
  run?: Partial<Run>;
  /** The code of the run's reason is one of these. */
  reason?: string[];
  invalid?: Record<string, number>;
  /** Code of a warning of the run. */
  warning?: string;
  /** Status of POST /v1/exports. */
  createStatus?: number;
  /** Exactly who is on the list, with values by path; null: was not sent. */
  profiles?: Record<string, Record<string, unknown>>;
  /** Reason of the dead letter that the event became. */
  deadLetter?: string;
}

export interface DeadLetter {
  eventId: string | null;
  reason: string;
  detail: string;
}

/** What the public interfaces showed of a case afterwards. */
export interface Observed {
  created: Answer<unknown>;
  run: Run | null;
  deadLetter: DeadLetter | null;
  profiles: SimulatedProfile[];
}

/** The first way in which what was observed is not the outcome; null where it is. */
export function differenceFrom(outcome: Outcome, observed: Observed): string | null {
  for (const [what, wanted, found] of comparisons(outcome, observed)) {
    if (!isDeepStrictEqual(wanted, found)) return `${what}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`;
  }
  return null;
}

type Comparison = [what: string, wanted: unknown, found: unknown];

function* comparisons(outcome: Outcome, { created, run, deadLetter, profiles }: Observed): Generator<Comparison> {
  yield ['status of POST /v1/exports', outcome.createStatus ?? 201, created.status];
  yield ['dead letter', outcome.deadLetter ?? null, deadLetter?.reason ?? null];
  if (outcome.deadLetter) yield ['end of the run of the next record', 'succeeded', run?.status ?? null];
  for (const [field, value] of Object.entries(outcome.run ?? {})) yield [`run.${field}`, value, run?.[field as keyof Run]];
  if (outcome.reason) {
    const code = run?.reason?.code ?? null;
    yield ['run.reason.code', outcome.reason.find((wanted) => wanted === code) ?? outcome.reason, code];
  }
  if (outcome.invalid) yield ['run.invalidReasons', outcome.invalid, run?.invalidReasons];
  if (outcome.warning) {
    const codes = (run?.warnings ?? []).map(({ code }) => code);
    yield ['run.warnings', outcome.warning, codes.find((code) => code === outcome.warning) ?? codes];
  }
  if (outcome.profiles) yield* profileComparisons(outcome.profiles, profiles);
}

function* profileComparisons(wanted: NonNullable<Outcome['profiles']>, found: SimulatedProfile[]): Generator<Comparison> {
  yield ['people on the list', Object.keys(wanted).sort(), found.map(({ email }) => email).sort()];
  for (const { email, attributes } of found) {
    for (const [path, value] of Object.entries(wanted[email] ?? {})) {
      yield [`${email} ${path}`, value, valueAt(attributes, path.split('.')) ?? null];
    }
  }
}

/** Names of properties may hold dots; those of the cases hold none. */
function valueAt(value: unknown, path: string[]): unknown {
  return path.reduce((inside: unknown, name) => (inside as Record<string, unknown> | undefined)?.[name], value);
}
