/** What must not be found: addresses of the people in upstream's files, and secrets as they stand in key files. */
export interface Needles {
  addresses: ReadonlySet<string>;
  secrets: readonly string[];
}

const address = /[a-z0-9.!#$&'*+/=?^_`{|}~-]+(?:@|%40)[a-z0-9.-]+/gi;
/** Keys of Klaviyo accounts, whichever but the one that the stack itself tells its user. Names of primary keys begin in capitals. */
const apiKey = /\bpk_(?!simulator_full_access_)[a-z0-9]\w{6,}/;

export function addressesIn(text: string): string[] {
  if (!text.includes('@') && !text.includes('%40')) return [];
  return [...text.matchAll(address)].map(([found]) => found.replace('%40', '@').toLowerCase());
}

/** What of the needles a place holds: a name for each kind, never the value, because it would be in the report then. */
export function leaksIn(text: string, { addresses, secrets }: Needles): string[] {
  const leaks: string[] = [];
  if (addressesIn(text).some((found) => addresses.has(found))) leaks.push('an address');
  if (apiKey.test(text)) leaks.push('an API key');
  if (secrets.some((secret) => text.includes(secret))) leaks.push('a secret');
  return leaks;
}
