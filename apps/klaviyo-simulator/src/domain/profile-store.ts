/**
 * The people of one account. A million must fit in a small process: a profile keeps its identifiers and one JSON string for the
 * rest, and its id is computed from its position instead of being stored.
 */
export interface StoredProfile {
  email: string | null;
  phone: string | null;
  externalId: string | null;
  createdAt: number;
  updatedAt: number;
  /** JSON of every attribute that is no identifier. */
  fields: string;
}

export interface ProfileFields {
  properties?: Record<string, unknown>;
  location?: Record<string, unknown>;
  [attribute: string]: unknown;
}

export interface ProfileRow {
  id?: string | null;
  attributes: Record<string, unknown>;
  meta?: { patch_properties?: PropertyPatch | null } | null;
}

export interface PropertyPatch {
  append?: Record<string, unknown> | null;
  unappend?: Record<string, unknown> | null;
  unset?: string | string[] | null;
}

export type UpsertResult = { kind: 'stored'; index: number } | { kind: 'failed'; code: string; detail: string };

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const INDEX_DIGITS = 10;
const duplicateProfile: UpsertResult = {
  kind: 'failed',
  code: 'duplicate_profile',
  detail: 'A profile already exists with one of these identifiers.',
};
const identifiers = new Set(['email', 'phone_number', 'external_id', '_kx']);

export class ProfileStore {
  private readonly profiles: StoredProfile[] = [];
  private readonly byEmail = new Map<string, number>();
  private readonly byPhone = new Map<string, number>();
  private readonly byExternalId = new Map<string, number>();
  private readonly consents = new Map<number, string>();
  private readonly idPrefix: string;

  constructor(accountId: string) {
    const tag = [...accountId.toUpperCase()].map((letter) => (CROCKFORD.includes(letter) ? letter : 'Z')).join('');
    this.idPrefix = `01S${tag}`.padEnd(26 - INDEX_DIGITS, '0').slice(0, 26 - INDEX_DIGITS);
  }

  get count(): number {
    return this.profiles.length;
  }

  at(index: number): StoredProfile {
    const profile = this.profiles[index];
    if (!profile) throw new Error(`no profile at ${index}`);
    return profile;
  }

  idOf(index: number): string {
    let digits = '';
    for (let rest = index, i = 0; i < INDEX_DIGITS; i += 1, rest = Math.floor(rest / 32))
      digits = CROCKFORD.charAt(rest % 32) + digits;
    return this.idPrefix + digits;
  }

  findId(id: string): number | null {
    if (id.length !== 26 || !id.startsWith(this.idPrefix)) return null;
    let index = 0;
    for (const digit of id.slice(-INDEX_DIGITS)) index = index * 32 + CROCKFORD.indexOf(digit);
    return index >= 0 && index < this.profiles.length && this.idOf(index) === id ? index : null;
  }

  findEmail(email: string): number | null {
    return this.byEmail.get(email.toLowerCase()) ?? null;
  }

  findPhone(phone: string): number | null {
    return this.byPhone.get(phone) ?? null;
  }

  findExternalId(externalId: string): number | null {
    return this.byExternalId.get(externalId) ?? null;
  }

  consentOf(index: number): string {
    return this.consents.get(index) ?? 'NEVER_SUBSCRIBED';
  }

  setConsent(index: number, consent: string): void {
    this.consents.set(index, consent);
  }

  /** Creates or updates as a bulk import does: what is null or absent stays as it was, consent is not touched. */
  upsert(row: ProfileRow, now: number, onConflict: 'import_error' | 'keep_email' = 'import_error'): UpsertResult {
    const email = text(row.attributes['email'])?.toLowerCase() ?? null;
    const externalId = text(row.attributes['external_id']);
    let phone = text(row.attributes['phone_number']);
    const ownerOfId = row.id ? this.findId(row.id) : null;
    if (row.id && ownerOfId === null)
      return { kind: 'failed', code: 'not_found', detail: 'A profile with this id does not exist.' };
    const ownerOfEmail = email ? this.findEmail(email) : null;
    const ownerOfPhone = phone ? this.findPhone(phone) : null;
    let index = ownerOfId ?? ownerOfEmail;
    if (index === null && ownerOfPhone !== null && !(email && this.at(ownerOfPhone).email)) index = ownerOfPhone;
    if (index === null && externalId && !email && !phone) index = this.findExternalId(externalId);
    if (ownerOfEmail !== null && ownerOfEmail !== index) return duplicateProfile;
    if (ownerOfPhone !== null && ownerOfPhone !== index) {
      if (onConflict === 'import_error' || !email) return duplicateProfile;
      phone = null;
    }
    if (index === null) {
      index = this.profiles.length;
      this.profiles.push({ email: null, phone: null, externalId: null, createdAt: now, updatedAt: now, fields: '{}' });
    }
    this.identify(index, { email, phone, externalId });
    this.write(index, row, now);
    return { kind: 'stored', index };
  }

  private identify(index: number, given: { email: string | null; phone: string | null; externalId: string | null }): void {
    const profile = this.at(index);
    if (given.email && given.email !== profile.email) {
      if (profile.email) this.byEmail.delete(profile.email);
      profile.email = given.email;
      this.byEmail.set(given.email, index);
    }
    if (given.phone && given.phone !== profile.phone) {
      if (profile.phone) this.byPhone.delete(profile.phone);
      profile.phone = given.phone;
      this.byPhone.set(given.phone, index);
    }
    if (given.externalId && given.externalId !== profile.externalId) {
      profile.externalId = given.externalId;
      this.byExternalId.set(given.externalId, index);
    }
  }

  private write(index: number, row: ProfileRow, now: number): void {
    const profile = this.at(index);
    const fields = (profile.fields === '{}' ? {} : JSON.parse(profile.fields)) as ProfileFields;
    for (const name in row.attributes) {
      const value = row.attributes[name];
      if (value === null || value === undefined || identifiers.has(name)) continue;
      if (name === 'properties' || name === 'location') fields[name] = merged(fields[name], value);
      else fields[name] = value;
    }
    const patch = row.meta?.patch_properties;
    if (patch) fields.properties = patched(fields.properties ?? {}, patch);
    const written = JSON.stringify(fields);
    if (written === profile.fields) return;
    profile.fields = written;
    profile.updatedAt = now;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function merged(before: Record<string, unknown> | undefined, given: object): Record<string, unknown> {
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(given)) if (value !== null) after[name] = value;
  return after;
}

function patched(properties: Record<string, unknown>, patch: PropertyPatch): Record<string, unknown> {
  const next = { ...properties };
  for (const [name, value] of Object.entries(patch.append ?? {}))
    next[name] = [...new Set([...asArray(next[name]), ...asArray(value)])];
  for (const [name, value] of Object.entries(patch.unappend ?? {})) {
    const gone = new Set(asArray(value));
    next[name] = asArray(next[name]).filter((entry) => !gone.has(entry));
  }
  for (const name of asArray(patch.unset)) delete next[String(name)];
  return next;
}

function asArray(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
