import type { RejectedProfile } from '@courier/contracts';
import type { InvalidReason } from './klaviyo-profile';

/** Why a row is no profile, in words. They quote nothing of the row. */
export const invalidDetails: Record<InvalidReason, string> = {
  email_missing: 'The row has no e-mail address.',
  email_malformed: 'The e-mail address is not one that Klaviyo takes.',
  email_too_long: 'The e-mail address is longer than Klaviyo takes.',
  line_unreadable: 'The line cannot be read as a record of the file.',
  profile_too_large: 'The mapped fields of the row are larger than Klaviyo takes for one profile.',
};

/** What a viewer sees of it. Klaviyo's own words may quote the profile. */
export function masked(profile: RejectedProfile): RejectedProfile {
  const detail = profile.stage === 'invalid' ? profile.detail : 'Those who may edit the export see the words of Klaviyo.';
  return { ...profile, email: profile.email === null ? null : maskedEmail(profile.email), detail };
}

export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '***';
  const domain = email.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  return `${firstOf(email)}***@${firstOf(domain)}***${dot > 0 ? domain.slice(dot) : ''}`;
}

function firstOf(text: string): string {
  return [...text][0] ?? '';
}
