// One run at the root lints everything: `npm run lint`. Who may import whom stands in tools/checks/rules/architecture.mjs; what is
// here is the rest of the house style. Comments cannot switch a rule off: a rule that is wrong is changed here, for all.
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import {
  featureTable,
  projectConstraints,
  roomTable,
  specConstraints,
  technologies,
} from './tools/checks/rules/architecture.mjs';
import { features } from './tools/checks/rules/features.mjs';
import { fileName } from './tools/checks/rules/file-name.mjs';
import { oneHome } from './tools/checks/rules/one-home.mjs';
import { rooms } from './tools/checks/rules/rooms.mjs';

// The boundaries rule reads a stored project graph, and skips its work without an error where there is none.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: true });

const typescript = ['**/*.ts'];
const specs = ['**/*.spec.ts', '**/src/testing/**/*.ts'];
const boundaries = (depConstraints) => ['error', { depConstraints, allow: [], enforceBuildableLibDependency: false }];

const parameters = (what, max) => ({
  selector: `${what}[params.length>${max}]`,
  message: `More than ${max} parameters: take an options object, or split.`,
});

/** Dependencies of a constructor; the clock does not count, since nearly every use case has it. */
const clock = ':has(Decorator Identifier[name="CLOCK"])';
const constructorParameters = [
  parameters(`MethodDefinition[kind="constructor"] > FunctionExpression:not(${clock})`, 8),
  parameters(`MethodDefinition[kind="constructor"] > FunctionExpression${clock}`, 9),
];

export default tseslint.config(
  {
    ignores: ['**/node_modules', '**/dist', '**/out-tsc', '**/.local', '**/.nx', '**/.jest-cache', '**/.reports', '**/.cache'],
  },
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    plugins: {
      courier: {
        rules: {
          features: features(featureTable),
          'file-name': fileName,
          'one-home': oneHome(technologies),
          rooms: rooms(roomTable),
        },
      },
    },
    rules: {
      'courier/file-name': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': 'error',
      'no-self-compare': 'error',
      'no-unreachable-loop': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-optional-chaining': 'error',
      'no-useless-catch': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 500 }],
    },
  },
  {
    files: typescript,
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(projectConstraints),
      'courier/features': 'error',
      'courier/one-home': 'error',
      'courier/rooms': 'error',
      'max-lines-per-function': ['error', { max: 70, skipComments: true }],
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: "Read it in the app's config.ts." }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
        { selector: 'ExportDefaultDeclaration', message: 'Give the export a name.' },
        ...constructorParameters,
        parameters('MethodDefinition[kind!="constructor"] > FunctionExpression', 4),
        parameters(':not(MethodDefinition) > FunctionExpression', 4),
        parameters('FunctionDeclaration', 4),
        parameters('ArrowFunctionExpression', 4),
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // A part that kafkajs does not export can be reached in no other way; courier/one-home says from where. Its codec has no types.
      '@typescript-eslint/no-require-imports': ['error', { allow: ['^kafkajs/src/', '^kafkajs-snappy$'] }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { args: 'after-used', argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // The typed rules: they cost most of the run, so there are few.
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
    },
  },
  {
    // Settings of a service are read once, by its one schema. OpenTelemetry's SDK reads its own variables itself, the simulator
    // shares no lib with the services, and the command line hands its surroundings on as a value.
    files: [
      'libs/platform/config/**',
      'libs/platform/telemetry/src/start-telemetry.ts',
      'libs/testing/**',
      'tools/**',
      'apps/e2e/**',
      'apps/klaviyo-simulator/src/main.ts',
      'apps/ops-cli/src/terminal.ts',
      '**/src/testing/**',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['tools/**'], rules: { 'no-console': 'off' } },
  { files: ['apps/ops-cli/src/generated/**'], rules: { 'max-lines': 'off' } },
  {
    files: specs,
    rules: { '@nx/enforce-module-boundaries': boundaries(specConstraints) },
  },
  {
    files: ['**/*.spec.ts'],
    rules: {
      // A describe block is a list of tests, not a function to be read at once.
      'max-lines-per-function': 'off',
      'no-restricted-properties': [
        'error',
        ...['it', 'test', 'describe'].flatMap((object) =>
          ['only', 'skip', 'todo', 'failing'].map((property) => ({ object, property, message: 'Every test runs, always.' })),
        ),
      ],
      'no-restricted-imports': [
        'error',
        { name: '@jest/globals', importNames: ['fit', 'xit', 'xtest', 'fdescribe', 'xdescribe'], message: 'Every test runs.' },
      ],
      'no-restricted-globals': ['error', 'fit', 'xit', 'xtest', 'fdescribe', 'xdescribe'],
    },
  },
);
