import { describe, expect, it } from '@jest/globals';
import { disguise, emailFlaws } from './flawed-email';
import { emailOf, rowOf } from './person';

// The contract's rule, written once more: a dot-atom of ASCII, two domain labels or more, the last of letters.
const wellFormed = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/;
const isValid = (text: string): boolean => wellFormed.test(text) && text.length <= 100 && text.indexOf('@') <= 64;
const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text);
const choices = Array.from({ length: 40 }, (_, index) => index);

describe('generated e-mails', () => {
  it('are valid and normalised, and every person has another', () => {
    const emails = Array.from({ length: 5_000 }, (_, person) => emailOf(7, person));
    expect(emails.filter((email) => !isValid(email))).toEqual([]);
    expect(new Set(emails).size).toBe(emails.length);
  });

  it('come with a phone number that belongs to one person only', () => {
    const phones = Array.from({ length: 50_000 }, (_, person) => rowOf(7, person).MobilePhone).filter((phone) => phone !== '');
    expect(new Set(phones).size).toBe(phones.length);
  });

  it('become the same again when a disguised one is trimmed and lower-cased', () => {
    for (const choice of choices) {
      const disguised = disguise('ada.1@example.com', choice);
      expect(disguised).not.toBe('ada.1@example.com');
      expect(disguised.trim().toLowerCase()).toBe('ada.1@example.com');
    }
  });

  it('are blank where the reason is email_missing', () => {
    for (const choice of choices) expect(emailFlaws.email_missing('x1', choice).trim()).toBe('');
  });

  it('break the rule itself, not a length, where the reason is email_malformed', () => {
    for (const choice of choices) {
      const text = emailFlaws.email_malformed('flawed1', choice).trim();
      expect(text).not.toBe('');
      expect(isAscii(text) && wellFormed.test(text.toLowerCase())).toBe(false);
    }
  });

  it('are well formed but too long where the reason is email_too_long', () => {
    for (const choice of choices) {
      const text = emailFlaws.email_too_long('flawed1', choice);
      expect(wellFormed.test(text)).toBe(true);
      expect(text.length > 100 || text.indexOf('@') > 64).toBe(true);
      expect(text.length).toBeLessThanOrEqual(101);
    }
  });
});
