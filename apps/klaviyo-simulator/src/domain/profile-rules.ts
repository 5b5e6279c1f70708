import type { Knobs } from './knobs';
import type { ProfileRow } from './profile-store';
import { invalidInput, type ApiError } from './refusal';

const EMAIL_LENGTH_MAX = 100;
const LOCAL_PART_MAX = 64;
const EXTERNAL_ID_MAX = 255;
const email =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?![0-9.-]+$)[a-z0-9-]{2,63}(?<!-)$/i;
const e164 = /^\+[1-9][0-9]{6,14}$/;
const languageTag = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;
const webAddress = /^https?:\/\/[^\s/]+\S*$/i;

export function isEmail(value: string): boolean {
  return value.length <= EMAIL_LENGTH_MAX && value.indexOf('@') <= LOCAL_PART_MAX && email.test(value);
}

export function isPhoneNumber(value: string): boolean {
  return e164.test(value);
}

export interface RuleContext {
  knobs: Knobs;
  smsEnabled: boolean;
}

/** What a row must satisfy beyond its shape, checked while the caller waits: one failure refuses the whole import. */
export function checkRow(row: ProfileRow, pointer: string, context: RuleContext): ApiError[] {
  const errors: ApiError[] = [];
  const at = (field: string) => `${pointer}/attributes/${field}`;
  const given = (field: string) => {
    const value = row.attributes[field];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const emailGiven = given('email');
  const goodEmail = emailGiven !== null && isEmail(emailGiven);
  if (row.attributes['email'] === '' || (emailGiven !== null && !goodEmail)) {
    errors.push(invalidInput('Invalid email address', at('email')));
  }
  const phone = given('phone_number');
  if (phone !== null && !isPhoneNumber(phone) && (!goodEmail || context.knobs.badPhoneBesideEmail === 'refuse')) {
    errors.push(invalidInput('Invalid phone number format (Example of a valid format: +12345678901)', at('phone_number')));
  }
  const externalId = given('external_id');
  if (externalId !== null && externalId.length > EXTERNAL_ID_MAX)
    errors.push(invalidInput('The external_id is too long.', at('external_id')));
  const phoneCounts = phone !== null && context.smsEnabled;
  if (emailGiven === null && externalId === null && !row.id && !phoneCounts && errors.length === 0) {
    errors.push(invalidInput('One or more identifiers is required', pointer));
  }
  if (context.knobs.badLocaleOrImage === 'refuse') {
    const locale = given('locale');
    if (locale !== null && !languageTag.test(locale)) errors.push(invalidInput('Invalid locale', at('locale')));
    const image = given('image');
    if (image !== null && !webAddress.test(image)) errors.push(invalidInput('Enter a valid URL.', at('image')));
  }
  return errors;
}
