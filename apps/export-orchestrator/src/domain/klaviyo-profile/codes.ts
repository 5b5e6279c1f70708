/** Why a row is no profile. Keys of a run's `invalidReasons`. */
export const invalidReasons = [
  'email_missing',
  'email_malformed',
  'email_too_long',
  'line_unreadable',
  'profile_too_large',
] as const;
export type InvalidReason = (typeof invalidReasons)[number];

/**
 * Values that were left out of a profile that is sent all the same. `property_invalid`: a custom property whose value does not have
 * its column's type or is no JSON. `attribute_invalid`: a list, an object or NaN where Klaviyo has a text, or a value that cannot be written.
 */
export const rowWarnings = [
  'phone_invalid',
  'external_id_invalid',
  'image_invalid',
  'locale_invalid',
  'timezone_invalid',
  'property_invalid',
  'attribute_invalid',
] as const;
export type RowWarning = (typeof rowWarnings)[number];

/**
 * What was amiss with snapshots that are used all the same. `column_missing`: a mapped column that a snapshot, or a part of it, does
 * not have; once for each snapshot. `column_type_unsupported`: the same of a column whose values cannot be given exactly.
 * `encoding_assumed`: parts whose text is not UTF-8 and names no encoding, read as Windows-1252. `digest_missing`: Parquet parts without
 * a digest, in which damage need not show. `row_short`: rows of a Customer Insights folder that lack their last cells, which are empty
 * then.
 */
export const snapshotWarnings = [
  'column_missing',
  'column_type_unsupported',
  'encoding_assumed',
  'digest_missing',
  'row_short',
] as const;
export type SnapshotWarning = (typeof snapshotWarnings)[number];

export type ColumnWarning = Extract<SnapshotWarning, `column_${string}`>;

export interface ProfileWarning {
  code: RowWarning | SnapshotWarning;
  count: number;
  /** Of a `ColumnWarning`: the names in the mapping. */
  columns?: string[];
}
