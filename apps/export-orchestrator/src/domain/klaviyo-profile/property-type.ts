/**
 * What a custom property becomes in JSON. `integer`, `number` and `boolean` are parsed from the column's text; `literal` is a text
 * that is JSON as it stands (numbers of a typed file, in all their digits); `json` comes as a JSON value of any kind.
 */
export type PropertyType = 'text' | 'integer' | 'number' | 'boolean' | 'literal' | 'json';

const types = new Map<string, PropertyType>([
  ['int64', 'integer'],
  ['int32', 'integer'],
  ['integer', 'integer'],
  ['double', 'number'],
  ['decimal', 'number'],
  ['boolean', 'boolean'],
]);

/** CDM's `dataType` of a column. Dates, times, GUIDs and all that is not known here stay the text that they are. */
export const propertyTypeOfCdm = (dataType: string | undefined): PropertyType =>
  types.get((dataType ?? '').toLowerCase()) ?? 'text';
