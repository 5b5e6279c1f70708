/**
 * The behaviours of Klaviyo that nobody has recorded, each as a named switch, so that a later look at the real thing can settle it.
 * The defaults are the stricter reading. README.md lists what each stands for.
 */
export interface Knobs {
  missingRevision: 'refuse' | 'accept';
  invalidKeyStatus: 401 | 400;
  /** Revisions that are answered with 410 to a caller that opted out of falling forward. */
  retiredRevisions: string[];
  tooLargeBody: 'json' | 'html';
  bodyBytesMax: number;
  profileBytesMax: number;
  profilesMax: number;
  /** How many values `any()` takes in a filter. */
  filterAnyMax: number;
  validationErrors: 'all' | 'first';
  badPhoneBesideEmail: 'drop' | 'import_error' | 'refuse';
  badLocaleOrImage: 'refuse' | 'accept';
  /** A row whose e-mail and phone number belong to two people. */
  identifierConflict: 'import_error' | 'keep_email';
  /** Rows of one job with one e-mail. */
  duplicateRows: 'keep_first' | 'keep_last';
  totalCountWhileQueued: 'known' | 'zero';
  completedCount: 'without_failed' | 'with_failed';
  importErrorPayload: 'attributes' | 'resource' | 'none';
  importErrorPointer: 'row' | 'data';
  /** How long after its job's end a profile appears in the list. */
  membershipDelayMs: number;
  jobLifetimeMs: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function defaultKnobs(): Knobs {
  return {
    missingRevision: 'refuse',
    invalidKeyStatus: 401,
    retiredRevisions: [],
    tooLargeBody: 'json',
    bodyBytesMax: 5_000_000,
    profileBytesMax: 100_000,
    profilesMax: 10_000,
    filterAnyMax: 100,
    validationErrors: 'all',
    badPhoneBesideEmail: 'drop',
    badLocaleOrImage: 'refuse',
    identifierConflict: 'import_error',
    duplicateRows: 'keep_first',
    totalCountWhileQueued: 'known',
    completedCount: 'without_failed',
    importErrorPayload: 'attributes',
    importErrorPointer: 'row',
    membershipDelayMs: 0,
    jobLifetimeMs: 7 * DAY_MS,
  };
}
