import { invalidParameter } from './refusal';

export type Operator = 'equals' | 'any' | 'greater-than' | 'greater-or-equal' | 'less-than' | 'less-or-equal';

export interface Condition {
  field: string;
  operator: Operator;
  values: string[];
}

/** Which operators each field takes, and which values, where they are few. */
export type FilterRules = Record<string, { operators: readonly Operator[]; values?: readonly string[]; time?: boolean }>;

const literal = String.raw`"(?:[^"\\]|\\.)*"|[\w:.+-]+`;
const conditionPattern = new RegExp(
  String.raw`\s*([a-z-]+)\(\s*([\w.]+)\s*,\s*(\[\s*(?:${literal})(?:\s*,\s*(?:${literal}))*\s*\]|${literal})\s*\)\s*`,
  'y',
);
const literalPattern = new RegExp(literal, 'g');

/** Reads `equals(email,"a@b.c")`, `any(status,["queued","processing"])` and several of them joined by commas or `and(…)`. */
export function parseFilter(filter: string | null, rules: FilterRules, anyMax: number): Condition[] {
  if (filter === null) return [];
  const joined = /^\s*and\((.*)\)\s*$/s.exec(filter)?.[1] ?? filter;
  const conditions: Condition[] = [];
  let position = 0;
  while (position < joined.length) {
    conditionPattern.lastIndex = position;
    const match = conditionPattern.exec(joined);
    if (!match) throw invalidFilter();
    position = conditionPattern.lastIndex;
    if (position < joined.length) {
      if (joined[position] !== ',' || position === joined.length - 1) throw invalidFilter();
      position += 1;
    }
    const [, operator = '', field = '', value = ''] = match;
    conditions.push(checked({ field, operator: operator as Operator, values: literals(value) }, value, { rules, anyMax }));
  }
  if (conditions.length === 0) throw invalidFilter();
  return conditions;
}

function checked(condition: Condition, raw: string, limits: { rules: FilterRules; anyMax: number }): Condition {
  const rule = limits.rules[condition.field];
  if (!rule) throw invalidParameter(`'${condition.field}' is not a valid filter field.`, 'filter');
  if (!rule.operators.includes(condition.operator)) {
    throw invalidParameter(`'${condition.operator}' is not a valid filter operator for '${condition.field}'.`, 'filter');
  }
  const isList = raw.startsWith('[');
  if (isList !== (condition.operator === 'any') || condition.values.length === 0) throw invalidFilter();
  if (condition.values.length > limits.anyMax) throw invalidParameter('Too many values in the filter.', 'filter');
  const quoted = raw
    .replace(/^\[|\]$/g, '')
    .trimStart()
    .startsWith('"');
  if (rule.time ? quoted || condition.values.some((value) => Number.isNaN(Date.parse(value))) : !quoted) throw invalidFilter();
  const strange = rule.values && condition.values.find((value) => !rule.values?.includes(value));
  if (strange !== undefined) throw invalidParameter(`'${strange}' is not a valid value for '${condition.field}'.`, 'filter');
  return condition;
}

function literals(value: string): string[] {
  return (value.match(literalPattern) ?? []).map((text) =>
    text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text,
  );
}

function invalidFilter() {
  return invalidParameter('Invalid filter provided', 'filter');
}

export function matchesTime(conditions: readonly Condition[], field: string, time: number): boolean {
  return conditions.every((condition) => {
    if (condition.field !== field) return true;
    const bound = Date.parse(condition.values[0] ?? '');
    if (condition.operator === 'greater-than') return time > bound;
    if (condition.operator === 'greater-or-equal') return time >= bound;
    if (condition.operator === 'less-than') return time < bound;
    return time <= bound;
  });
}

export function matchesText(conditions: readonly Condition[], field: string, value: string | null): boolean {
  return conditions.every((condition) => condition.field !== field || (value !== null && condition.values.includes(value)));
}
