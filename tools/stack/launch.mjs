// Runs a built program of this clone: node tools/stack/launch.mjs <file> [arguments]
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = join(fileURLToPath(new URL('../../', import.meta.url)), process.argv[2] ?? '');
if (!existsSync(program) || !program.endsWith('.js')) {
  console.error('This clone is not built yet. Run npm start first.');
  process.exit(1);
}
process.argv.splice(1, 2, program);
createRequire(import.meta.url)(program);
