import type { Attention } from '@courier/contracts';
import type { CredentialProblem } from '../klaviyo';

/** What connection checks look for, by Klaviyo's own names. */
export const requiredScopes = ['accounts:read', 'lists:read', 'lists:write', 'profiles:read', 'profiles:write'] as const;

/** The problem as an administrator reads it. No text quotes the key or Klaviyo's answer. */
export function attentionFor(problem: CredentialProblem): Attention {
  switch (problem.code) {
    case 'invalid_api_key':
      return {
        code: 'invalid_api_key',
        detail: 'Klaviyo does not accept the API key.',
        remedy: 'Create a new private API key in Klaviyo (Settings > API keys) and connect the account again with it.',
      };
    case 'missing_scope':
      return missingScope(problem.scopes);
    case 'plan_forbidden':
      return {
        code: 'plan_forbidden',
        detail: "Klaviyo forbids the call although the key's scopes allow it; the account's plan or features may not include it.",
        remedy: 'Ask the owner of the Klaviyo account about its plan, then verify this connection again.',
      };
    case 'firewall_challenge':
      return {
        code: 'firewall_challenge',
        detail: "A firewall in front of Klaviyo's API challenges our calls.",
        remedy: "Ask Klaviyo's support to allow the address that this system calls from, then verify this connection again.",
      };
    case 'revision_retired':
      return {
        code: 'revision_retired',
        detail: 'Klaviyo has retired the API revision that this system calls.',
        remedy: 'Set KLAVIYO_REVISION to a supported revision, restart the sink, then verify this connection again.',
      };
  }
}

export function missingScope(scopes: readonly string[]): Attention {
  const names = scopes.length === 0 ? 'one or more scopes' : scopes.join(', ');
  return {
    code: 'missing_scope',
    detail: `The API key lacks ${names}.`,
    remedy: `Scopes of a key cannot be changed: create a new private API key with ${requiredScopes.join(', ')} and connect the account again with it.`,
  };
}

export const sealedCredentialUnusable: Attention = {
  code: 'invalid_api_key',
  detail: 'The stored credential cannot be opened: it was sealed for another key, another connection or another version.',
  remedy: 'Connect the account again with a new private API key.',
};

export const klaviyoUnreachable: Attention = {
  code: 'klaviyo_unreachable',
  detail: 'Klaviyo did not answer the check in time.',
  remedy:
    "Look at status.klaviyo.com and at the sink's way to the internet. It is checked again by itself; you may also verify this connection again.",
};

export const accountChanged: Attention = {
  code: 'account_changed',
  detail: 'The API key belongs to another Klaviyo account than this connection was made for.',
  remedy: 'Make a new connection for the other account, or connect the first one again with a key of its own.',
};
