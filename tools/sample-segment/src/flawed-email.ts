/** The same address as somebody in a hurry writes it: other case, blanks around it. */
export function disguise(email: string, choice: number): string {
  const variants = [
    email.toUpperCase(),
    ` ${email}`,
    `${email}  `,
    `\t${email.toUpperCase()} `,
    `${email}\r\n`,
    `${email.charAt(0).toUpperCase()}${email.slice(1)}`,
  ];
  return variants[choice % variants.length] as string;
}

const missing = ['', ' ', '\t', ' \r\n'];

const malformed: ((person: string) => string)[] = [
  (person) => person,
  (person) => `${person}@@example.com`,
  (person) => `${person}@localhost`,
  (person) => `.${person}@example.com`,
  (person) => `${person}.@example.com`,
  (person) => `${person}..x@example.com`,
  (person) => `${person}@example..com`,
  (person) => `${person}@example.c0m`,
  (person) => `${person}@192.0.2.7`,
  (person) => `${person} x@example.com`,
  (person) => `"${person}"@example.com`,
  (person) => `${person}@exämple.com`,
  (person) => `${person}ü@example.com`,
  // The Kelvin sign becomes an ASCII k when it is lower-cased; it must be refused before that.
  (person) => `${person}\u212A@example.com`,
  (person) => `${person}@example.com, ${person}@example.org`,
  (person) => `mailto:${person}@example.com`,
  (person) => `${person}@example.com.`,
];

const tooLong: ((person: string) => string)[] = [
  // The local part has 65 characters.
  (person) => `${person.padEnd(65, 'x')}@example.com`,
  // 101 characters in all, in labels that are each short enough.
  (person) => `${person}@${'d'.repeat(60)}.${'e'.repeat(101 - person.length - 1 - 61 - 4)}.com`,
];

export const emailFlaws = {
  email_missing: (_person: string, choice: number): string => missing[choice % missing.length] as string,
  email_malformed: (person: string, choice: number): string => make(malformed, person, choice),
  email_too_long: (person: string, choice: number): string => make(tooLong, person, choice),
} as const;

function make(kinds: readonly ((person: string) => string)[], person: string, choice: number): string {
  return (kinds[choice % kinds.length] as (person: string) => string)(person);
}
