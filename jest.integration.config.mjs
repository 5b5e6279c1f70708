import preset from './jest.preset.mjs';

export default {
  ...preset,
  testMatch: ['**/*.int.spec.ts'],
  testTimeout: 120_000,
  maxWorkers: 2,
  testSequencer: './tools/stack/longest-first.cjs',
  globalSetup: './tools/stack/integration-setup.mjs',
  globalTeardown: './tools/stack/integration-teardown.mjs',
};
