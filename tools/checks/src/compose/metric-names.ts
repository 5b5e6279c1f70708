import { readText } from './compose-file';

/** Every name under which Prometheus knows a metric of docs/metrics.md, of which a spec of the e2e ring says that it is true. */
export function listedNames(): Set<string> {
  const rows = readText('docs/metrics.md').matchAll(/^\| `([\w.]+)`\s*\| (\w+),/gm);
  return new Set([...rows].flatMap(([, name = '', type = '']) => namesOf(name.replaceAll('.', '_'), type)));
}

function namesOf(name: string, type: string): string[] {
  if (type === 'histogram') return ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`);
  return [type === 'counter' ? `${name}_total` : name];
}

/** The metrics that a query asks for: words that are followed by a selector, a range or nothing, and are no function, label or text. */
export function namesIn(query: string): string[] {
  const bare = query
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on|ignoring) ?\([^)]*\)/g, '');
  return [...bare.matchAll(/[a-z_][a-z0-9_]*(?!\w|\s*\()/gi)].map(([name]) => name).filter((name) => name.includes('_'));
}
