import preset from './jest.preset.mjs';

export default {
  ...preset,
  testMatch: ['**/*.int.spec.ts'],
  testTimeout: 300_000,
  maxWorkers: 2,
  testSequencer: './tools/rings/longest-first.cjs',
  globalSetup: './tools/rings/integration-setup.mjs',
  globalTeardown: './tools/rings/integration-teardown.mjs',
};
