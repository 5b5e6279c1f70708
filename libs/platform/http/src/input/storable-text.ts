import { z } from 'zod';

/** A text of 1 to `charsMax` characters. PostgreSQL stores no NUL, and half of a surrogate pair as another character. */
export function storableText(charsMax: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(charsMax)
    .regex(/^[^\0\p{Cs}]*$/u);
}
