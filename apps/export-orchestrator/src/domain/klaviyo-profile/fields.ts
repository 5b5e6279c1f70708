import type { Mapping } from '@courier/contracts';

// Which of Klaviyo's profile attributes a mapping can fill, in the order in which they are written.

/** How a value is checked and written. Standard attributes are texts; custom properties follow the column's type. */
export type FieldRule = 'text' | 'externalId' | 'phone' | 'image' | 'locale' | 'timezone' | 'property';

export interface MappedField {
  group: 'attributes' | 'location' | 'properties';
  /** Klaviyo's name. */
  name: string;
  /** Column of the snapshot. */
  column: string;
  rule: FieldRule;
}

type StandardKey = Exclude<keyof Mapping, 'email' | 'location' | 'properties'>;
type LocationKey = keyof NonNullable<Mapping['location']>;

const standardFields: readonly { key: StandardKey; name: string; rule: FieldRule }[] = [
  { key: 'phoneNumber', name: 'phone_number', rule: 'phone' },
  { key: 'externalId', name: 'external_id', rule: 'externalId' },
  { key: 'firstName', name: 'first_name', rule: 'text' },
  { key: 'lastName', name: 'last_name', rule: 'text' },
  { key: 'organization', name: 'organization', rule: 'text' },
  { key: 'title', name: 'title', rule: 'text' },
  { key: 'locale', name: 'locale', rule: 'locale' },
  { key: 'image', name: 'image', rule: 'image' },
];

const locationFields: readonly LocationKey[] = ['address1', 'address2', 'city', 'region', 'country', 'zip', 'timezone'];

/** Every mapped field beside the e-mail. */
export function mappedFields(mapping: Mapping): MappedField[] {
  const fields: MappedField[] = [];
  for (const { key, name, rule } of standardFields) {
    const column = mapping[key];
    if (column !== undefined) fields.push({ group: 'attributes', name, column, rule });
  }
  for (const key of locationFields) {
    const column = mapping.location?.[key];
    if (column !== undefined)
      fields.push({ group: 'location', name: key, column, rule: key === 'timezone' ? 'timezone' : 'text' });
  }
  // Sorted, so that a mapping stored with its keys in another order gives the same profile and the same hash.
  const properties = Object.entries(mapping.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, column] of properties) fields.push({ group: 'properties', name, column, rule: 'property' });
  return fields;
}
