import { mappingSchema, type Mapping } from '@courier/contracts';
import { usageError } from './ops-error';

const { location, properties: _properties, email: _email, ...plain } = mappingSchema.shape;
const fields = Object.keys(plain);
const locationFields = Object.keys(location.unwrap().shape);
const fieldList = `${fields.join(', ')}, ${locationFields.map((field) => `location.${field}`).join(', ')} and properties.<any name>`;

/**
 * The mapping from `--email COLUMN` and several `--map field=column`. The first `=` divides, so columns may hold one; the name of a
 * property is everything behind `properties.`, dots included.
 */
export function readMapping(email: string, pairs: readonly string[]): Mapping {
  const mapping: Record<string, unknown> & { location: Record<string, string>; properties: Record<string, string> } = {
    email,
    location: {},
    properties: {},
  };
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [field, column] = [pair.slice(0, Math.max(at, 0)), pair.slice(at + 1)];
    if (field === '' || column === '') throw usageError(`--map ${pair} cannot be used.`, 'It must be field=column.');
    const { target, name } = targetOf(field, mapping);
    if (Object.hasOwn(target, name)) throw usageError(`--map ${pair} cannot be used.`, `${field} is mapped twice.`);
    target[name] = column;
  }
  const { location: places, properties: custom, ...rest } = mapping;
  return {
    ...(rest as Omit<Mapping, 'location' | 'properties'>),
    ...(Object.keys(places).length === 0 ? {} : { location: places }),
    ...(Object.keys(custom).length === 0 ? {} : { properties: custom }),
  };
}

function targetOf(
  field: string,
  mapping: Record<string, unknown> & { location: Record<string, string>; properties: Record<string, string> },
): { target: Record<string, unknown>; name: string } {
  const [, group, inner] = /^(location|properties)\.(.+)$/s.exec(field) ?? [];
  if (group === 'properties' && inner !== undefined) return { target: mapping.properties, name: inner };
  if (group === 'location' && inner !== undefined && locationFields.includes(inner))
    return { target: mapping.location, name: inner };
  if (fields.includes(field)) return { target: mapping, name: field };
  const remedy = field === 'email' ? 'Name the column of the e-mail with --email.' : `There are: ${fieldList}.`;
  throw usageError(`--map ${field}=... cannot be used.`, `${field} is no Klaviyo field that --map knows.`, remedy);
}
