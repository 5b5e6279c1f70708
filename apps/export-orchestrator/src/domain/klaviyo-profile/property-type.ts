/**
 * What a custom property becomes in JSON. `number` and `boolean` are parsed from the column's text; `literal` is a text
 * that is JSON as it stands (numbers of a typed file, in all their digits); `json` comes as a JSON value of any kind; `parsed` comes as
 * a JSON value too, which was read from a text: where Klaviyo has a text, that one is meant, also when nothing could be read from it.
 */
export type PropertyType = 'text' | 'number' | 'boolean' | 'literal' | 'json' | 'parsed';
