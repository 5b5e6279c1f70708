import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// What every ring shares. Nest 12 and a few others ship ES modules only; they are transformed to CommonJS because Jest's own
// ES module support leaks about 14 MB for each Nest suite.
const esmOnly = ['@nestjs/', 'nestjs-pino/', 'jose/', 'uuid/', 'commander/', 'fast-check/', 'pure-rand/'];
const { $schema: _schema, sourceMaps: _maps, ...swcrc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

export default {
  testEnvironment: fileURLToPath(new URL('tools/rings/spec-environment.cjs', import.meta.url)),
  testEnvironmentOptions: { customExportConditions: ['@courier/source', 'node', 'node-addons'] },
  setupFiles: ['reflect-metadata'],
  transform: {
    '^.+/node_modules/.+\\.m?js$': [
      '@swc/jest',
      { module: { type: 'commonjs' }, jsc: { target: 'es2023', parser: { syntax: 'ecmascript' } } },
    ],
    '^.+\\.ts$': ['@swc/jest', { ...swcrc, sourceMaps: 'inline' }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')}))`],
  modulePathIgnorePatterns: ['/dist/', '/out-tsc/', '/.local/', '/.nx/'],
  cacheDirectory: '.jest-cache',
};
