import { describe, expect, it } from '@jest/globals';
import type { CredentialProblem } from '../klaviyo/answer';
import { accountChanged, attentionFor, klaviyoUnreachable, sealedCredentialUnusable } from './attention';

const problems: CredentialProblem[] = [
  { code: 'invalid_api_key' },
  { code: 'missing_scope', scopes: ['lists:write'] },
  { code: 'plan_forbidden' },
  { code: 'firewall_challenge' },
  { code: 'revision_retired' },
];

describe('attention', () => {
  it.each([...problems.map(attentionFor), accountChanged, klaviyoUnreachable, sealedCredentialUnusable])(
    'advises only what can be done today: $code',
    ({ detail, remedy }) => {
      expect(detail).not.toBe('');
      // A key of a connection cannot be changed yet; the account is connected again instead.
      expect(remedy).not.toMatch(/rotat/i);
      expect(remedy).toMatch(/verify this connection again|connect .*again/i);
    },
  );
});
