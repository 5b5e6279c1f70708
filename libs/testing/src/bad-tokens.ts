import { createHmac } from 'node:crypto';

/** What the services of specs expect of a token. */
export const tokenSettings = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'segment-courier' };

const HOUR_SECONDS = 3_600;

/** What a token of this role says. */
export function claimsOf(role: string) {
  const exp = Math.floor(Date.now() / 1_000) + HOUR_SECONDS;
  return { sub: role, name: `The ${role}`, roles: [role], iss: tokenSettings.AUTH_ISSUER, aud: tokenSettings.AUTH_AUDIENCE, exp };
}

export interface BadToken {
  about: string;
  authorization: string | null;
}

/** What no route may take for a person; each would be an administrator. */
export async function badTokens(sign: (claims: object) => Promise<string>): Promise<BadToken[]> {
  const { exp, sub, ...rest } = claimsOf('administrator');
  const good = { ...rest, exp, sub };
  const [header = '', payload = '', signature = ''] = (await sign(good)).split('.');
  const of = async (about: string, claims: object) => ({ about, authorization: `Bearer ${await sign(claims)}` });
  const hmac = `${encoded({ alg: 'HS256' })}.${payload}`;
  return [
    { about: 'no token', authorization: null },
    { about: 'garbage', authorization: 'Bearer garbage' },
    { about: 'another scheme', authorization: `Basic ${payload}` },
    await of('an expired token', { ...good, exp: exp - 2 * HOUR_SECONDS }),
    await of('a token of another issuer', { ...good, iss: 'https://another.example' }),
    await of('a token for another audience', { ...good, aud: 'another' }),
    await of('a token that never expires', { ...rest, sub }),
    await of('a token of nobody', { ...rest, exp }),
    { about: 'no signature', authorization: `Bearer ${encoded({ alg: 'none' })}.${payload}.` },
    { about: 'HS256', authorization: `Bearer ${hmac}.${createHmac('sha256', header).update(hmac).digest('base64url')}` },
    { about: 'changed claims', authorization: `Bearer ${header}.${encoded({ ...good, sub: 'eve' })}.${signature}` },
  ];
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
