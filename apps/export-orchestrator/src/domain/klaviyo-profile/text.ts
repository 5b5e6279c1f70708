/**
 * The characters that count as blank at the edges of a value, named one by one because SQL's and JavaScript's ideas of white space
 * differ: tab, line ends, vertical tab, form feed, space, next line, no-break space, Ogham space, the spaces of U+2000 to U+200B,
 * line and paragraph separator, narrow no-break, mathematical and ideographic space, byte order mark.
 */
export const blankCharacters = String.fromCodePoint(
  0x09,
  0x0a,
  0x0b,
  0x0c,
  0x0d,
  0x20,
  0x85,
  0xa0,
  0x1680,
  0x2000,
  0x2001,
  0x2002,
  0x2003,
  0x2004,
  0x2005,
  0x2006,
  0x2007,
  0x2008,
  0x2009,
  0x200a,
  0x200b,
  0x2028,
  0x2029,
  0x202f,
  0x205f,
  0x3000,
  0xfeff,
);

/** A text as an SQL literal. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * The column's text without blank edges, in SQL. A pattern, because `trim` with this many characters takes six times as long; the
 * planner writes it once for each column.
 */
export const sqlTrimmed = (column: string): string =>
  `regexp_replace(${column}, ${sqlText(`^[${blankCharacters}]+|[${blankCharacters}]+$`)}, '', 'g')`;

/** Whether the text has a character that is not blank, in SQL. Most texts begin with one: the comparisons spare them the pattern. */
export const hasVisibleSql = (column: string): string =>
  `CASE WHEN ${column} >= '!' AND ${column} < chr(127) THEN true ELSE coalesce(regexp_matches(${column}, ${sqlText(`[^${blankCharacters}]`)}), false) END`;

/** The text without U+0000, which Klaviyo takes in no text, in SQL. */
export const withoutNulSql = (text: string): string => `replace(${text}, chr(0), '')`;

/** The same of JSON text, where it stands as an escape. Escapes are taken one by one: behind an escaped backslash none begins. */
export const jsonWithoutNulSql = (json: string): string =>
  `CASE WHEN contains(${json}, '\\u0000') THEN regexp_replace(${json}, '\\\\u0000|(\\\\.)', '\\1', 'g') ELSE ${json} END`;
