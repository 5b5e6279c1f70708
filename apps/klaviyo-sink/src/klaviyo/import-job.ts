/** The few fields of Klaviyo's import job that decisions need. */
export interface ImportJob {
  id: string;
  /** `queued`, `processing`, `complete`, `cancelled`, a word that a later API revision adds, or null when the answer did not say. */
  status: string | null;
  /** Null, as the counts, when the answer did not say. */
  createdAt: Date | null;
  totalCount: number | null;
  completedCount: number | null;
  failedCount: number | null;
  /** Null when the answer did not say. */
  listIds: string[] | null;
}

/** A word that we do not know is no end: such a job is looked at again until the deadline of jobs leaves its rows unconfirmed. */
export function hasEnded({ status }: ImportJob): boolean {
  return status === 'complete' || status === 'cancelled';
}

export interface ImportError {
  code: string;
  detail: string;
  /** Normalised; null when the error named no address. */
  email: string | null;
}

/** Klaviyo echoes what it was sent; staged identifiers are normalised the same way. */
export function normalisedEmail(email: string): string {
  return email.trim().toLowerCase();
}
