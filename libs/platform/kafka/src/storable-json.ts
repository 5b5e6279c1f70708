const DEPTH_MAX = 64;

/**
 * Why a parsed JSON value cannot be kept by PostgreSQL, whose text holds no U+0000 and no half of a surrogate pair and whose parser
 * has a bounded stack; null when it can.
 */
export function unstorable(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return unstorableText(value);
  if (typeof value !== 'object' || value === null) return null;
  if (depth === DEPTH_MAX) return `it is nested deeper than ${DEPTH_MAX}`;
  for (const [name, inner] of Object.entries(value)) {
    const found = unstorableText(name) ?? unstorable(inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function unstorableText(text: string): string | null {
  if (text.includes('\u0000')) return 'a text in it holds U+0000';
  return text.isWellFormed() ? null : 'a text in it holds half of a surrogate pair';
}
