/** What Klaviyo takes, less a margin where a request carries more than the profiles. */
export const klaviyoLimits = {
  /** JSON text of one profile; a longer one is an invalid row. */
  profileBytesMax: 100_000,
  /** Profiles of one bulk import call. */
  batchRowsMax: 10_000,
  /** Profiles of one call with their commas; Klaviyo's own limit is 5 MB for the whole body. */
  batchBytesMax: 4_500_000,
  /** Kept free in each batch for the request around the profiles. */
  envelopeBytes: 2_000,
  emailCharactersMax: 100,
  emailLocalCharactersMax: 64,
  emailLabelCharactersMax: 63,
  externalIdCharactersMax: 255,
} as const;
