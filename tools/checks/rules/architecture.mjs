// Who may import whom: the tables behind the rules @nx/enforce-module-boundaries, courier/one-home, courier/features and courier/rooms.
// boundaries.int.spec.ts proves that each row bites.

import { readdirSync } from 'node:fs';

const kernel = 'layer:kernel';
const contracts = 'layer:contracts';
const testing = 'layer:testing';
const kafka = 'platform:kafka';
const csvRecords = 'layer:csv-records';
const services = ['layer:platform', 'layer:staging', csvRecords, contracts, kernel];

/** Between projects, by the tags in their package.json. Every row that fits a project counts. */
const projectRows = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: services },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:tool', kafka, contracts, kernel] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:tool', testing, contracts, kernel] },
  { sourceTag: kernel, onlyDependOnLibsWithTags: [] },
  { sourceTag: csvRecords, onlyDependOnLibsWithTags: [] },
  { sourceTag: testing, onlyDependOnLibsWithTags: [kafka] },
  { sourceTag: contracts, onlyDependOnLibsWithTags: [kernel] },
  { sourceTag: 'layer:staging', onlyDependOnLibsWithTags: [kernel] },
  { sourceTag: 'layer:platform', onlyDependOnLibsWithTags: ['layer:platform', kernel] },
  // It stands in for Klaviyo: one misreading must not hide in both it and the sink, so it shares no code that talks about the work.
  {
    sourceTag: 'scope:klaviyo-simulator',
    onlyDependOnLibsWithTags: ['platform:config', 'platform:telemetry', kernel],
    bannedExternalImports: ['kafkajs', 'typeorm', 'pg', 'undici', 'jose', '@duckdb/*'],
  },
];

export const projectConstraints = projectRows;

/** libs/testing opens for specs and their harness; the libs that depend on nothing stay that way even there. */
export const specConstraints = projectRows.map((row) =>
  row.onlyDependOnLibsWithTags.length === 0
    ? row
    : { ...row, onlyDependOnLibsWithTags: [...row.onlyDependOnLibsWithTags, testing] },
);

const apps = readdirSync(new URL('../../../apps', import.meta.url)).join('|');
const inApp = (place) => new RegExp(`^apps/[^/]+/src/${place}`);

/** One home per technology. `only` narrows a row to some names of the package; a loan lets some names out to some places. */
export const technologies = [
  {
    // Nx does not see these: an app exports nothing, so it looks like a package that is not there.
    packages: new RegExp(`^@courier/(${apps})(/|$)`),
    homes: [],
    where: 'a process of its own',
    reason: 'apps know each other by HTTP and topics alone',
  },
  {
    packages: /^kafkajs(\/|$)/,
    homes: [/^libs\/platform\/kafka\//],
    where: 'libs/platform/kafka',
    reason: 'its failures are tamed there',
  },
  {
    packages: /^@courier\/kafka$/,
    homes: [/^libs\/platform\/messaging\//, /^libs\/testing\//, /^tools\/stack\//, /^apps\/ops-cli\//],
    where: 'libs/platform/messaging, the CLI, the stack and the testing lib',
    reason: 'services send through the outbox and read through the intake',
  },
  {
    packages: /^@opentelemetry\/(?!api$)/,
    homes: [/^libs\/platform\/telemetry\//],
    where: 'libs/platform/telemetry',
    reason: 'the SDK is started once for a process; everybody else uses meter(), inSpan() or the API',
  },
  {
    packages: /^@opentelemetry\/api$/,
    homes: [/^libs\/platform\//],
    where: 'libs/platform',
    reason: 'apps take meter() and inSpan() from the telemetry lib',
  },
  {
    packages: /^(pino|pino-http|nestjs-pino)$/,
    homes: [/^libs\/platform\/telemetry\//],
    where: 'libs/platform/telemetry',
    reason: 'log lines pass its allow-list of fields; apps use the Logger of Nest',
  },
  {
    packages: /^@nestjs\/common$/,
    only: /(Exception|^HttpStatus)$/,
    homes: [/^libs\/platform\/http\//, inApp('adapters/http/'), inApp('.+[.]controller[.]ts$')],
    where: 'controllers and libs/platform/http',
    reason: 'a use case returns what happened or throws an AppError',
  },
  {
    packages: /^(express|express-serve-static-core)$/,
    homes: [/^libs\/platform\/http\//, inApp('adapters/http/'), inApp('.+[.]controller[.]ts$')],
    where: 'controllers and libs/platform/http',
    reason: 'nobody else knows of requests and responses',
  },
  {
    packages: /^(typeorm|@nestjs\/typeorm)(\/|$)/,
    homes: [
      /^libs\/platform\/(persistence|messaging)\//,
      inApp('adapters/postgres/'),
      inApp('migrations/'),
      inApp('.+[.](entity|repository)[.]ts$'),
    ],
    // Transactions are explicit: a use case opens one and hands its manager to the stores. A spec of routes plays such an app.
    loans: [{ names: ['DataSource', 'EntityManager'], to: /^(apps\/[^/]+\/src\/|libs\/platform\/http\/.*\.spec\.ts$)/ }],
    where: 'entities, repositories, migrations, libs/platform/persistence and libs/platform/messaging',
    reason: 'only DataSource and EntityManager travel through an app',
  },
  {
    packages: /^pg$/,
    homes: [/^libs\/platform\/persistence\//, /^libs\/testing\//, /^tools\/stack\//],
    where: 'libs/platform/persistence',
    reason: 'services speak to PostgreSQL through their data source',
  },
  {
    packages: /^@duckdb\//,
    homes: [
      /^apps\/export-orchestrator\/src\/planner\//,
      /^apps\/export-orchestrator\/.*\.spec\.ts$/,
      /^apps\/ops-cli\/src\/refresh\//,
      /^tools\/sample-segment\//,
    ],
    where: "the orchestrator's planner/, and where Parquet is published and generated",
    reason: 'in a service it runs in the jail of the child process alone',
  },
  {
    packages: /^undici$/,
    homes: [/^apps\/klaviyo-sink\/src\/klaviyo\//],
    where: "the sink's klaviyo/",
    reason: 'every call to Klaviyo goes through its time-outs and its quota',
  },
  {
    packages: /^(node:)?process$/,
    homes: [],
    where: 'no file',
    reason: 'the global process is the same thing, and its env is guarded',
  },
];

/** Inside a service that is laid out by features: each may import those before it. */
export const featureTable = {
  order: {
    'connection-service': ['exports', 'connections'],
    'klaviyo-sink': ['klaviyo', 'accounts', 'connections', 'replays', 'deliveries', 'operations', 'cleaning'],
  },
  open: ['service-name', 'clock', 'settings', 'channels', 'sql'],
  /** Types and rules without frameworks, input and output; they import each other, across features too by what index.ts names. */
  pure: {
    'connection-service': {
      connections: ['access', 'api-key', 'apply-check', 'connection', 'connection-states', 'consent'],
      exports: ['known-export'],
    },
    'klaviyo-sink': {
      klaviyo: ['account', 'answer', 'import-job'],
      accounts: ['backoff', 'concurrency', 'quota'],
      connections: ['attention', 'connection'],
      deliveries: [
        ...['adoption', 'batch-again', 'delivery', 'line-ranges', 'log-facts', 'outcome', 'refused-batch', 'row-result'],
        ...['submission', 'submission-end', 'trace-attributes'],
      ],
      operations: ['import/refused-import', 'import/settle-job'],
    },
  },
  purePackages: /^(@courier\/(kernel|contracts|staging)|zod|ajv|node:crypto|node:buffer)$/,
};

/** Inside an app that still has rooms. A room that is not listed (adapters, app.module.ts, main.ts) may import all rooms. */
export const roomTable = {
  domain: { open: ['domain'], packages: /^(@courier\/(kernel|contracts|staging)|zod|ajv|node:crypto|node:buffer)$/ },
  ports: { open: ['domain', 'ports'], openForTypes: ['planner'] },
  'use-cases': { open: ['domain', 'ports', 'use-cases'], openForTypes: ['planner'] },
  planner: { open: ['domain', 'planner'] },
};
