import preset from './jest.preset.mjs';

export default {
  ...preset,
  testMatch: ['**/*.e2e.spec.ts'],
  testTimeout: 900_000,
  maxWorkers: 1,
  testSequencer: './apps/e2e/src/last-things-last.cjs',
  globalSetup: './apps/e2e/src/stack-setup.mjs',
  globalTeardown: './apps/e2e/src/stack-teardown.mjs',
};
