import type { InvalidReason } from './codes';
import { klaviyoLimits } from './limits';
import { blankCharacters } from './text';

// The e-mail rule of the system in one place, twice: here for TypeScript, in email-sql.ts for the planner. A spec holds them together.

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?';

/**
 * An ASCII dot-atom at two or more domain labels, the last of letters. The pattern is applied *before* lower-casing: some letters
 * outside ASCII (the Kelvin sign) become ASCII when lower-cased, and would make two people one.
 */
export const emailShape = `${ATOM}(\\.${ATOM})*@(${LABEL}\\.)+[A-Za-z]+`;

/** A domain label that is longer than DNS allows. */
export const overlongLabel = `@(.*\\.)?[^.@]{${klaviyoLimits.emailLabelCharactersMax + 1}}`;

export type NormalisedEmail = { email: string } | { invalid: InvalidReason };

const shape = new RegExp(`^${emailShape}$`);
const overlong = new RegExp(overlongLabel);
const edges = new RegExp(`^[${blankCharacters}]+|[${blankCharacters}]+$`, 'g');

export function normaliseEmail(raw: string | null): NormalisedEmail {
  const trimmed = (raw ?? '').replace(edges, '');
  if (trimmed === '') return { invalid: 'email_missing' };
  if (!shape.test(trimmed)) return { invalid: 'email_malformed' };
  const localCharacters = trimmed.indexOf('@');
  const tooLong = trimmed.length > klaviyoLimits.emailCharactersMax || localCharacters > klaviyoLimits.emailLocalCharactersMax;
  if (tooLong || overlong.test(trimmed)) return { invalid: 'email_too_long' };
  return { email: trimmed.toLowerCase() };
}
