import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The part of zod's JSON schema that a table shows. */
export interface Setting {
  name: string;
  required: boolean;
  /** As one would write it in the environment; null where nothing is set by default. */
  default: string | null;
  description: string;
}

interface Property {
  shownDefault?: string;
  description?: string;
}

interface ZodSchema {
  def: { type: string; innerType?: ZodSchema; defaultValue?: unknown };
}

interface ServiceSchema {
  shape: Record<string, ZodSchema>;
  safeParse(environment: object): { error?: { issues: { path: PropertyKey[] }[] } };
}

interface ZodLike {
  toJSONSchema(schema: unknown, options: object): { properties: Record<string, Property>; required?: string[] };
}

const root = join(__dirname, '../../../..');
const load = createRequire(__filename);

export const configuredServices = ['connection-service', 'export-orchestrator', 'klaviyo-sink'] as const;
export type ConfiguredService = (typeof configuredServices)[number];

/** What a service reads from its environment, from the schema that it starts with: its source in specs, its build otherwise. */
export function settingsOf(service: ConfiguredService): Setting[] {
  const configSchema = schemaOf(service);
  const { z } = load('zod') as { z: ZodLike };
  const { properties, required = [] } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, { shownDefault, description }]) => ({
    name,
    required: required.includes(name),
    default: shownDefault ?? defaultOf(configSchema.shape[name]),
    description: description ?? '',
  }));
}

/** What the service would say of these settings at its start: the names of bad ones. */
export function badSettings(service: ConfiguredService, environment: Record<string, string>): string[] {
  return (
    schemaOf(service)
      .safeParse(environment)
      .error?.issues.map(({ path }) => path.join('.')) ?? []
  );
}

function schemaOf(service: ConfiguredService): ServiceSchema {
  const file = __filename.endsWith('.ts') ? 'src/config.ts' : 'dist/config.js';
  return (load(join(root, 'apps', service, file)) as { configSchema: ServiceSchema }).configSchema;
}

/** The JSON schema leaves out a default behind a transformation, such as the one of a flag. */
function defaultOf(schema: ZodSchema | undefined): string | null {
  if (schema === undefined) return null;
  const { type, innerType, defaultValue } = schema.def;
  return type === 'default' ? String(defaultValue) : defaultOf(innerType);
}
