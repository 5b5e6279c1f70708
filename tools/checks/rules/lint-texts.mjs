// node lint-texts.mjs [--typed] < cases.json: lints texts as if they stood in files, prints what was found for each. ESLint loads its
// configuration with import(), which Jest cannot do: hence a process.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// A file that does not exist is in no TypeScript program: without --typed the rules that need types are left out, with it each text
// replaces a file of the kernel, whose program is small. Where CI=true the parser would take the run for one over the files on disk,
// and read those instead of the texts.
const parserOptions = { project: './libs/kernel/tsconfig.json', disallowAutomaticSingleRunInference: true };
const typed = { languageOptions: { parserOptions } };
const overrideConfig = process.argv.includes('--typed') ? typed : tseslint.configs.disableTypeChecked;
const eslint = new ESLint({ cwd: root, overrideConfig });

const found = [];
for (const { file, text } of JSON.parse(readFileSync(0, 'utf8'))) {
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  found.push((result?.messages ?? []).map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(found));
