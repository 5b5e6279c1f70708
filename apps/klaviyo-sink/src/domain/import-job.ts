/** The few fields of Klaviyo's import job that decisions need. */
export interface ImportJob {
  id: string;
  /** `queued`, `processing`, `complete`, `cancelled`, or a word that a later API revision adds. */
  status: string;
  createdAt: Date;
  totalCount: number;
  completedCount: number | null;
  failedCount: number | null;
  /** Null when the answer did not say. */
  listIds: string[] | null;
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
