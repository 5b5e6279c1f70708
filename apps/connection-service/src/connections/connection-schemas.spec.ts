import { ProblemError, ZodPipe } from '@courier/http';
import { describe, expect, it } from '@jest/globals';
import { createConnectionSchema } from './connection-schemas';

const apiKey = 'pk_0123456789abcdef0123456789abcdef';
const good = { displayName: 'Shop', type: 'klaviyo', apiKey, dataPrivacyConsent: { accepted: true } };

function refusal(body: unknown): ProblemError {
  try {
    new ZodPipe(createConnectionSchema).transform(body);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('the body was accepted');
}

describe('the body of POST /v1/connections', () => {
  it('is restricted to administrators unless it says otherwise', () => {
    expect(new ZodPipe(createConnectionSchema).transform(good)).toEqual({ ...good, access: 'administrators' });
  });

  it.each([undefined, {}, { accepted: false }, { accepted: 'true' }])('wants the consent, not %j', (dataPrivacyConsent) => {
    const error = refusal({ ...good, dataPrivacyConsent });
    expect(error).toMatchObject({ status: 400, code: 'consent_required', remedy: expect.stringContaining('accepted') });
    expect(error.errors?.[0]?.path).toBe('dataPrivacyConsent.accepted');
  });

  it.each([`pk_${'x'.repeat(198)}`, 'pk_0123456789 abcdef0123', 'pk_0123456789äbcdef0123'])(
    'refuses %p, which cannot be an API key, without repeating it',
    (bad) => {
      const error = refusal({ ...good, apiKey: bad });
      expect(error.errors).toEqual([expect.objectContaining({ path: 'apiKey', code: 'invalid_format' })]);
      expect(JSON.stringify(error) + JSON.stringify(error.errors)).not.toContain(bad);
    },
  );

  it('takes a pasted key with the space around it', () => {
    expect(new ZodPipe(createConnectionSchema).transform({ ...good, apiKey: ` ${apiKey}\n` }).apiKey).toBe(apiKey);
  });

  it.each([
    ['oauth', { oauth: {} }],
    ['exportUser', { exportUser: { sub: 'bob' } }],
    ['dataPrivacyConsent.text', { dataPrivacyConsent: { accepted: true, text: 'mine' } }],
    ['type', { type: 'mailchimp' }],
    ['access', { access: 'everyone' }],
  ])('refuses %s by name', (path, change) => {
    const error = refusal({ ...good, ...change });
    expect(error).toMatchObject({ code: 'not_supported', errors: [{ path, code: 'not_supported' }] });
  });

  it.each([0, -1, 1.5, '100', null])('refuses %p as profileLimit', (profileLimit) => {
    expect(refusal({ ...good, profileLimit }).errors?.[0]?.path).toBe('profileLimit');
  });
});
