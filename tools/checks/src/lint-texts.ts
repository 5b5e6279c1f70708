import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface LintCase {
  /** Path below the root of the clone; the file need not exist. */
  file: string;
  text: string;
}

export interface Finding {
  /** Null where the text could not be parsed. */
  rule: string | null;
  message: string;
}

const LINT_MS_MAX = 60_000;

/** What the linter says of each text with the configuration of this clone, but without the rules that need types. */
export function lintTexts(cases: readonly LintCase[]): Finding[][] {
  return lint(cases, []);
}

/** The same with them; `file` must be one of the kernel's. */
export function lintTypedTexts(cases: readonly LintCase[]): Finding[][] {
  return lint(cases, ['--typed']);
}

function lint(cases: readonly LintCase[], options: readonly string[]): Finding[][] {
  const script = join(__dirname, '../rules/lint-texts.mjs');
  const output = execFileSync(process.execPath, [script, ...options], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    timeout: LINT_MS_MAX,
  });
  return JSON.parse(output) as Finding[][];
}
