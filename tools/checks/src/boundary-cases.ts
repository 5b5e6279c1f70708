import type { LintCase } from './lint-texts';

// The boundaries of tools/checks/rules/architecture.mjs and eslint.config.mjs bite: each text breaks one, and each has a neighbour
// that must stay allowed, so that a rule which refuses everything is red as well.

const projects = '@nx/enforce-module-boundaries';
const home = 'courier/one-home';
const rooms = 'courier/rooms';
const features = 'courier/features';

const sink = 'apps/klaviyo-sink/src';
const orchestrator = 'apps/export-orchestrator/src';
const connections = 'apps/connection-service/src';
const simulator = 'apps/klaviyo-simulator/src';

const using = (what: string, from: string): string => `import { ${what} } from '${from}';\nexport const used = ${what};\n`;

export interface Described extends LintCase {
  what: string;
}

export interface Refused extends Described {
  /** The rule that must object. */
  rule: string;
}

export const refused: readonly Refused[] = [
  // Between projects.
  { what: 'an app that imports an app', rule: home, file: `${sink}/a.ts`, text: using('x', '@courier/export-orchestrator') },
  {
    what: "an app that reaches into another app's folder",
    rule: projects,
    file: `${sink}/a.ts`,
    text: using('resultOf', '../../export-orchestrator/src/domain/run-result'),
  },
  {
    what: "an app that imports another app's build",
    rule: home,
    file: `${sink}/a.ts`,
    text: using('x', '@courier/ops-cli/dist/main.js'),
  },
  { what: 'an app that imports a tool', rule: projects, file: `${sink}/a.ts`, text: using('x', '@courier/stack') },
  {
    what: 'a kernel that imports a lib',
    rule: projects,
    file: 'libs/kernel/src/a.ts',
    text: using('topics', '@courier/contracts'),
  },
  {
    what: 'a kernel whose spec imports the testing lib',
    rule: projects,
    file: 'libs/kernel/src/a.spec.ts',
    text: using('until', '@courier/testing'),
  },
  {
    what: 'CSV records that import a lib',
    rule: projects,
    file: 'libs/csv-records/src/a.ts',
    text: using('newId', '@courier/kernel'),
  },
  {
    what: 'CSV records whose spec imports the testing lib',
    rule: projects,
    file: 'libs/csv-records/src/a.spec.ts',
    text: using('until', '@courier/testing'),
  },
  {
    what: 'contracts that import the platform',
    rule: projects,
    file: 'libs/contracts/src/a.ts',
    text: using('loadConfig', '@courier/config'),
  },
  {
    what: 'staging that imports contracts',
    rule: projects,
    file: 'libs/staging/src/a.ts',
    text: using('topics', '@courier/contracts'),
  },
  {
    what: 'a platform lib that imports contracts',
    rule: projects,
    file: 'libs/platform/messaging/src/a.ts',
    text: using('topics', '@courier/contracts'),
  },
  {
    what: 'a platform lib that imports an app',
    rule: home,
    file: 'libs/platform/http/src/a.ts',
    text: using('x', '@courier/ops-cli'),
  },
  ...['contracts', 'staging', 'kafka', 'messaging', 'persistence', 'http'].map((lib) => ({
    what: `a simulator that imports ${lib}`,
    rule: projects,
    file: `${simulator}/a.ts`,
    text: using('x', `@courier/${lib}`),
  })),
  {
    what: 'a simulator whose spec imports contracts',
    rule: projects,
    file: `${simulator}/a.spec.ts`,
    text: using('topics', '@courier/contracts'),
  },
  { what: "a simulator with the sink's HTTP client", rule: projects, file: `${simulator}/a.ts`, text: using('Pool', 'undici') },
  {
    what: 'a service that imports the testing lib',
    rule: projects,
    file: `${sink}/a.ts`,
    text: using('until', '@courier/testing'),
  },
  {
    what: 'a platform lib that imports the testing lib',
    rule: projects,
    file: 'libs/platform/http/src/a.ts',
    text: using('until', '@courier/testing'),
  },
  { what: 'a journey that imports an app', rule: home, file: 'apps/e2e/src/a.ts', text: using('x', '@courier/ops-cli') },
  { what: 'a journey that imports staging', rule: projects, file: 'apps/e2e/src/a.ts', text: using('x', '@courier/staging') },

  // One home per technology.
  { what: 'kafkajs in a service', rule: home, file: `${orchestrator}/adapters/kafka/a.ts`, text: using('Kafka', 'kafkajs') },
  { what: 'kafkajs by require', rule: home, file: `${sink}/a.ts`, text: `export const kafka = require('kafkajs');\n` },
  { what: 'kafkajs by import()', rule: home, file: `${sink}/a.ts`, text: `export const kafka = import('kafkajs');\n` },
  { what: 'kafkajs by a type', rule: home, file: `${sink}/a.ts`, text: `export type Client = import('kafkajs').Kafka;\n` },
  { what: 'kafkajs in the messaging lib', rule: home, file: 'libs/platform/messaging/src/a.ts', text: using('Kafka', 'kafkajs') },
  { what: 'kafkajs in the CLI', rule: home, file: 'apps/ops-cli/src/a.ts', text: using('Kafka', 'kafkajs') },
  {
    what: 'a Kafka client in a service',
    rule: home,
    file: `${orchestrator}/adapters/kafka/a.ts`,
    text: using('createKafka', '@courier/kafka'),
  },
  {
    what: 'the OpenTelemetry SDK in a service',
    rule: home,
    file: `${sink}/instrument.ts`,
    text: using('NodeSDK', '@opentelemetry/sdk-node'),
  },
  {
    what: 'the OpenTelemetry SDK in another lib',
    rule: home,
    file: 'libs/platform/messaging/src/a.ts',
    text: using('NodeSDK', '@opentelemetry/sdk-node'),
  },
  { what: 'pino in a service', rule: home, file: `${sink}/main.ts`, text: using('pino', 'pino') },
  {
    what: "Nest's HTTP exceptions in a use case",
    rule: home,
    file: `${orchestrator}/use-cases/a.ts`,
    text: using('NotFoundException', '@nestjs/common'),
  },
  {
    what: "express' types in a use case",
    rule: home,
    file: `${orchestrator}/use-cases/a.ts`,
    text: `import type { Request } from 'express';\nexport type Used = Request;\n`,
  },
  {
    what: 'typeorm beside DataSource and EntityManager',
    rule: home,
    file: `${orchestrator}/use-cases/a.ts`,
    text: using('In', 'typeorm'),
  },
  {
    what: 'all of typeorm in a use case',
    rule: home,
    file: `${orchestrator}/use-cases/a.ts`,
    text: `import * as orm from 'typeorm';\nexport const used = orm;\n`,
  },
  { what: 'typeorm in the HTTP lib', rule: home, file: 'libs/platform/http/src/a.ts', text: using('DataSource', 'typeorm') },
  { what: 'pg in a service', rule: home, file: `${orchestrator}/adapters/postgres/a.ts`, text: using('Client', 'pg') },
  {
    what: 'DuckDB outside of the planner',
    rule: home,
    file: `${orchestrator}/use-cases/a.ts`,
    text: using('DuckDBInstance', '@duckdb/node-api'),
  },
  {
    what: 'the environment of a service',
    rule: 'no-restricted-properties',
    file: `${sink}/a.ts`,
    text: `export const port = process.env.PORT;\n`,
  },
  { what: 'the environment by another name', rule: home, file: `${sink}/a.ts`, text: using('env', 'node:process') },

  // Inside an app.
  ...['use-cases', 'ports', 'adapters/postgres'].map((room) => ({
    what: `a domain that imports ${room}`,
    rule: rooms,
    file: `${orchestrator}/domain/a.ts`,
    text: using('x', `../${room}/b`),
  })),
  { what: 'a domain with Nest', rule: rooms, file: `${orchestrator}/domain/a.ts`, text: using('Injectable', '@nestjs/common') },
  { what: 'a domain with typeorm', rule: rooms, file: `${orchestrator}/domain/a.ts`, text: using('EntityManager', 'typeorm') },
  {
    what: 'a domain with files',
    rule: rooms,
    file: `${orchestrator}/domain/klaviyo-profile/a.ts`,
    text: using('readFile', 'node:fs'),
  },
  {
    what: 'a use case that imports an adapter',
    rule: rooms,
    file: `${orchestrator}/use-cases/a.ts`,
    text: using('KlaviyoClient', '../adapters/klaviyo/klaviyo-client'),
  },
  {
    what: 'a use case that imports the wiring',
    rule: rooms,
    file: `${orchestrator}/use-cases/a.ts`,
    text: using('AppModule', '../app.module'),
  },
  {
    what: 'a port that imports an adapter',
    rule: rooms,
    file: `${orchestrator}/ports/a.ts`,
    text: using('x', '../adapters/postgres/sql'),
  },
  {
    what: 'a port that imports a use case',
    rule: rooms,
    file: `${orchestrator}/ports/a.ts`,
    text: using('pause', '../use-cases/pause'),
  },
  {
    what: 'a planner that imports an adapter',
    rule: rooms,
    file: `${orchestrator}/planner/a.ts`,
    text: using('x', '../adapters/b'),
  },
  {
    what: "code that imports a spec's harness",
    rule: rooms,
    file: 'libs/platform/messaging/src/intake/a.ts',
    text: using('x', '../testing/intake-harness'),
  },

  // Between the features of a service.
  {
    what: "a feature that reaches into another's file",
    rule: features,
    file: `${connections}/connections/a.ts`,
    text: using('ExportsRepository', '../exports/exports.repository'),
  },
  {
    what: 'a feature that imports one behind it',
    rule: features,
    file: `${connections}/exports/a.ts`,
    text: using('ConnectionsModule', '../connections'),
  },
  {
    what: 'a feature that imports the wiring',
    rule: features,
    file: `${connections}/connections/a.ts`,
    text: using('AppModule', '../app.module'),
  },
  {
    what: 'a feature that has no place in the order',
    rule: features,
    file: `${connections}/audits/a.ts`,
    text: `export const one = 1;\n`,
  },
  {
    what: 'a rule of a feature with Nest',
    rule: features,
    file: `${connections}/connections/apply-check.ts`,
    text: using('Injectable', '@nestjs/common'),
  },
  {
    what: 'a rule of a feature with files',
    rule: features,
    file: `${sink}/operations/import/settle-job.ts`,
    text: using('readFile', 'node:fs'),
  },
  {
    what: "a rule of a feature that imports the feature's repository",
    rule: features,
    file: `${connections}/connections/connection.ts`,
    text: using('ConnectionsRepository', './connections.repository'),
  },
  {
    what: "the sink's HTTP client outside of klaviyo/",
    rule: home,
    file: `${sink}/operations/a.ts`,
    text: using('Pool', 'undici'),
  },
  {
    what: 'typeorm in a service of a feature',
    rule: home,
    file: `${connections}/connections/a.service.ts`,
    text: using('In', 'typeorm'),
  },
  {
    what: "express' types in a service of a feature",
    rule: home,
    file: `${connections}/connections/a.service.ts`,
    text: `import type { Request } from 'express';\nexport type Used = Request;\n`,
  },

  // The rest of the house style that a newcomer meets first.
  { what: 'a test alone', rule: 'no-restricted-properties', file: `${sink}/a.spec.ts`, text: `it.only('works', () => {});\n` },
  {
    what: 'a test left out',
    rule: 'no-restricted-properties',
    file: `${sink}/a.spec.ts`,
    text: `describe.skip('it', () => {});\n`,
  },
  {
    what: 'any',
    rule: '@typescript-eslint/no-explicit-any',
    file: `${sink}/a.ts`,
    text: `export const f = (x: any): unknown => x;\n`,
  },
  { what: 'the console in a service', rule: 'no-console', file: `${sink}/a.ts`, text: `console.log('hello');\n` },
  { what: 'a file of odds and ends', rule: 'courier/file-name', file: `${sink}/utils.ts`, text: `export const one = 1;\n` },
  {
    what: 'a barrel with export *',
    rule: 'no-restricted-syntax',
    file: 'libs/kernel/src/a.ts',
    text: `export * from './ids';\n`,
  },
  {
    what: 'five parameters',
    rule: 'no-restricted-syntax',
    file: `${sink}/a.ts`,
    text: `export function f(a: 1, b: 1, c: 1, d: 1, e: 1): number {\n  return a + b + c + d + e;\n}\n`,
  },
  {
    what: 'nine dependencies',
    rule: 'no-restricted-syntax',
    file: `${sink}/a.ts`,
    text: `export class A {\n  constructor(${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `readonly a${n}: 1`).join(', ')}) {}\n}\n`,
  },
  {
    what: 'a rule that a comment switches off',
    rule: 'no-console',
    file: `${sink}/a.ts`,
    text: `// eslint-disable-next-line no-console\nconsole.log('hello');\n`,
  },
];

const kernelFile = 'libs/kernel/src/clock.ts';
/** Breaks of the rules that need types. */
export const typed: readonly Refused[] = [
  {
    what: 'a promise that nobody waits for',
    rule: '@typescript-eslint/no-floating-promises',
    file: kernelFile,
    text: `export function f(work: () => Promise<void>): void {\n  work();\n}\n`,
  },
  {
    what: 'a promise as a condition',
    rule: '@typescript-eslint/no-misused-promises',
    file: kernelFile,
    text: `export const f = (may: () => Promise<boolean>): string => (may() ? 'yes' : 'no');\n`,
  },
  {
    what: 'a switch that forgets a case',
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    file: kernelFile,
    text: `export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n    default:\n      return 2;\n  }\n}\n`,
  },
];

export const allowed: readonly Described[] = [
  { what: 'an app that imports a lib', file: `${sink}/a.ts`, text: using('topics', '@courier/contracts') },
  { what: 'contracts that import the kernel', file: 'libs/contracts/src/a.ts', text: using('newId', '@courier/kernel') },
  {
    what: 'a platform lib that imports another',
    file: 'libs/platform/messaging/src/a.ts',
    text: using('Leases', '@courier/persistence'),
  },
  { what: 'a simulator that imports the kernel', file: `${simulator}/a.ts`, text: using('newId', '@courier/kernel') },
  { what: 'a spec that imports the testing lib', file: `${sink}/a.spec.ts`, text: using('until', '@courier/testing') },
  { what: 'a harness that imports the testing lib', file: `${sink}/testing/a.ts`, text: using('until', '@courier/testing') },
  { what: 'a journey that imports the stack', file: 'apps/e2e/src/a.ts', text: using('mintToken', '@courier/stack') },
  { what: 'kafkajs in its lib', file: 'libs/platform/kafka/src/a.ts', text: using('Kafka', 'kafkajs') },
  ...['libs/platform/messaging', 'libs/testing', 'tools/stack', 'apps/ops-cli'].map((place) => ({
    what: `a Kafka client in ${place}`,
    file: `${place}/src/a.ts`,
    text: using('createKafka', '@courier/kafka'),
  })),
  {
    what: 'an HTTP exception in a controller',
    file: `${orchestrator}/adapters/http/a.ts`,
    text: using('HttpException', '@nestjs/common'),
  },
  { what: 'Nest in a use case', file: `${orchestrator}/use-cases/a.ts`, text: using('Injectable', '@nestjs/common') },
  { what: 'an EntityManager in a port', file: `${orchestrator}/ports/a.ts`, text: using('EntityManager', 'typeorm') },
  { what: 'a query in an adapter', file: `${orchestrator}/adapters/postgres/a.ts`, text: using('In', 'typeorm') },
  { what: 'a use case that imports a port', file: `${orchestrator}/use-cases/a.ts`, text: using('x', '../ports/outgoing') },
  {
    what: 'an adapter that imports a use case',
    file: `${orchestrator}/adapters/kafka/a.ts`,
    text: using('x', '../../use-cases/stop-run'),
  },
  {
    what: 'a rule of a feature that imports another and contracts',
    file: `${connections}/connections/connection.ts`,
    text: `${using('nextState', './connection-states')}export { topics } from '@courier/contracts';\n`,
  },
  {
    what: 'a feature that imports what another names',
    file: `${connections}/connections/a.ts`,
    text: using('ExportsRepository', '../exports'),
  },
  {
    what: "a feature that imports its service's name",
    file: `${connections}/connections/a.ts`,
    text: using('serviceName', '../service-name'),
  },
  { what: "the sink's HTTP client in klaviyo/", file: `${sink}/klaviyo/a.ts`, text: using('Pool', 'undici') },
  { what: 'a query in a repository', file: `${connections}/connections/a.repository.ts`, text: using('In', 'typeorm') },
  {
    what: 'an HTTP exception in the controller of a feature',
    file: `${connections}/connections/a.controller.ts`,
    text: using('HttpException', '@nestjs/common'),
  },
  { what: 'a domain with contracts', file: `${orchestrator}/domain/a.ts`, text: using('topics', '@courier/contracts') },
];
