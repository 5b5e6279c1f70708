import type { IHeaders } from 'kafkajs';
import { unstorable } from './storable-json';

/** The attributes of a CloudEvents 1.0 record in Kafka's binary mode: headers `ce_*`, the JSON value is the data. */
export interface CloudEventAttributes {
  id: string;
  source: string;
  type: string;
  subject: string | null;
  time: Date | null;
}

export type DecodedRecord =
  { kind: 'event'; attributes: CloudEventAttributes; data: unknown } | { kind: 'undecodable' | 'too_large'; detail: string };

export function cloudEventHeaders(attributes: CloudEventAttributes): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: attributes.id,
    ce_source: attributes.source,
    ce_type: attributes.type,
    ...(attributes.time ? { ce_time: attributes.time.toISOString() } : {}),
    ...(attributes.subject === null ? {} : { ce_subject: attributes.subject }),
    'content-type': 'application/json',
  };
}

/** Id and source together are the key of an index row, which PostgreSQL limits to 2,704 bytes. */
const ATTRIBUTE_BYTES_MAX = 1_000;
const VALUE_BYTES_MAX = 1_048_576;

/** Never throws: what cannot be read is a verdict about the record, not an error of ours. */
export function decodeRecord(headers: IHeaders | undefined, value: Buffer | null): DecodedRecord {
  const header = (name: string) => headerText(headers?.[name]);
  for (const name of ['ce_specversion', 'ce_id', 'ce_source', 'ce_type']) {
    const found = header(name);
    if (found === null || found === '') return { kind: 'undecodable', detail: `header ${name} is missing` };
    if (Buffer.byteLength(found) > ATTRIBUTE_BYTES_MAX) return { kind: 'undecodable', detail: `header ${name} is too long` };
    if (/\p{Cc}/u.test(found)) return { kind: 'undecodable', detail: `header ${name} holds control characters` };
  }
  if (header('ce_specversion') !== '1.0') return { kind: 'undecodable', detail: 'ce_specversion is not 1.0' };
  if (value === null) return { kind: 'undecodable', detail: 'the record has no value' };
  if (value.length > VALUE_BYTES_MAX) {
    return { kind: 'too_large', detail: `the value has ${value.length} bytes, more than ${VALUE_BYTES_MAX}` };
  }
  const time = new Date(header('ce_time') ?? Number.NaN);
  const attributes = {
    id: header('ce_id') ?? '',
    source: header('ce_source') ?? '',
    type: header('ce_type') ?? '',
    subject: header('ce_subject'),
    time: Number.isNaN(time.getTime()) ? null : time,
  };
  const data = parsed(value);
  if (data === undefined) return { kind: 'undecodable', detail: 'the value is not JSON in UTF-8' };
  const why = unstorable(data);
  if (why !== null) return { kind: 'undecodable', detail: `the value cannot be kept: ${why}` };
  return { kind: 'event', attributes, data };
}

/** JSON has no undefined, so that stands for what is not JSON. */
function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)) as unknown;
  } catch {
    return undefined;
  }
}

export function headerText(header: IHeaders[string]): string | null {
  const first = Array.isArray(header) ? header[0] : header;
  return first === undefined ? null : first.toString();
}
