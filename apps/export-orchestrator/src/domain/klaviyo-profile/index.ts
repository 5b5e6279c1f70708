export {
  invalidReasons,
  rowWarnings,
  snapshotWarnings,
  type ColumnWarning,
  type InvalidReason,
  type ProfileWarning,
  type RowWarning,
  type SnapshotWarning,
} from './codes';
export { emailReasonSql, normalisedEmailSql } from './email-sql';
export { normaliseEmail, type NormalisedEmail } from './email';
export { mappedFields, type MappedField } from './fields';
export { klaviyoLimits } from './limits';
export { needsTrimming, profileJsonSql, valueSql, warningCountSql, type BoundField } from './profile-sql';
export type { PropertyType } from './property-type';
export { jsonWithoutNulSql, sqlText, sqlTrimmed, withoutNulSql } from './text';
