import type { InvalidReason } from './codes';
import { emailShape, overlongLabel } from './email';
import { klaviyoLimits } from './limits';
import { sqlText } from './text';

const reason = (code: InvalidReason): string => sqlText(code);

/**
 * SQL that gives the InvalidReason of an address without blank edges (`sqlTrimmed`), or NULL where it is good. DuckDB's patterns (RE2)
 * know neither look-around nor back-references; ours need none.
 */
export function emailReasonSql(trimmed: string): string {
  return `CASE
    WHEN ${trimmed} IS NULL OR ${trimmed} = '' THEN ${reason('email_missing')}
    WHEN NOT regexp_full_match(${trimmed}, ${sqlText(emailShape)}) THEN ${reason('email_malformed')}
    WHEN length(${trimmed}) > ${klaviyoLimits.emailCharactersMax}
      OR length(split_part(${trimmed}, '@', 1)) > ${klaviyoLimits.emailLocalCharactersMax}
      OR regexp_matches(${trimmed}, ${sqlText(overlongLabel)}) THEN ${reason('email_too_long')}
  END`;
}

/** SQL that gives the normalised address where the reason is NULL. */
export const normalisedEmailSql = (trimmed: string): string => `lower(${trimmed})`;
