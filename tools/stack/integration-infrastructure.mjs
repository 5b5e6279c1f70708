import { createRequire } from 'node:module';
import { build } from './build.mjs';

const require = createRequire(import.meta.url);

/** Builds what the embedded stack needs, then starts Kafka and PostgreSQL in `dir`. */
export async function startBuiltInfrastructure(dir) {
  const projects = ['@courier/kernel', '@courier/contracts', '@courier/kafka', '@courier/sample-segment', '@courier/stack'];
  if ((await build(projects)) !== 0) throw new Error('The embedded stack does not build, see above.');
  // Not by import(): with Jest's hooks in place Node finds no named exports in a CommonJS file.
  const { startInfrastructure } = require('./dist/index.js');
  return startInfrastructure({ dir });
}
