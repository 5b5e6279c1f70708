import { describe, expect, it } from '@jest/globals';
import { masked, maskedEmail } from './rejected-profile';

describe('a masked e-mail', () => {
  it.each([
    ['ada.lovelace@mail.example.org', 'a***@m***.org'],
    ['a@b.c', 'a***@b***.c'],
    ['ada@localhost', 'a***@l***'],
    ['ada', '***'],
    ['@example.org', '***'],
    ['', '***'],
  ])('of %j is %j', (email, expected) => {
    expect(maskedEmail(email)).toBe(expected);
  });
});

describe('a masked profile', () => {
  const profile = { email: null, code: 'c', segmentId: null, file: null, row: null, batch: 1, firstSeenAt: '', attempts: 1 };

  it('hides what Klaviyo said, which may quote the person', () => {
    expect(masked({ ...profile, stage: 'rejected', detail: 'ada@example.org is bad' }).detail).not.toContain('ada');
    expect(masked({ ...profile, stage: 'invalid', detail: 'our words' }).detail).toBe('our words');
  });
});
