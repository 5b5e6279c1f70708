import { isUtf8 } from 'node:buffer';
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
    const wrong = whatIsWrong(headers?.[name]);
    if (wrong !== null) return { kind: 'undecodable', detail: `header ${name} ${wrong}` };
  }
  if (header('ce_specversion') !== '1.0') return { kind: 'undecodable', detail: 'ce_specversion is not 1.0' };
  if (value === null) return { kind: 'undecodable', detail: 'the record has no value' };
  if (value.length > VALUE_BYTES_MAX) {
    return { kind: 'too_large', detail: `the value has ${value.length} bytes, more than ${VALUE_BYTES_MAX}` };
  }
  const optional = (name: string) => (whatIsWrong(headers?.[name]) === null ? header(name) : null);
  const time = new Date(optional('ce_time') ?? Number.NaN);
  const attributes = {
    id: header('ce_id') ?? '',
    source: header('ce_source') ?? '',
    type: header('ce_type') ?? '',
    subject: optional('ce_subject'),
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

/** Why an attribute cannot be used; null when it can. */
function whatIsWrong(header: Header): string | null {
  if (firstOf(header) === undefined) return 'is missing';
  const text = headerText(header);
  if (text === null) return 'is not UTF-8';
  if (text === '') return 'is missing';
  if (Buffer.byteLength(text) > ATTRIBUTE_BYTES_MAX) return 'is too long';
  return /\p{Cc}/u.test(text) ? 'holds control characters' : null;
}

/** A header as records bring it: one without a value is null in Kafka, though kafkajs does not say so. */
export type Header = IHeaders[string] | null | (Buffer | string | null)[];

/** The first value of a header; null where there is none, or it is not UTF-8. Two texts must not become one by what is left out. */
export function headerText(header: Header): string | null {
  const first = firstOf(header);
  if (first === undefined || typeof first === 'string') return first ?? null;
  return isUtf8(first) ? first.toString() : null;
}

/** Null is absent; a header that is called like a part of every object comes from kafkajs with that part before its value. */
function firstOf(header: Header): Buffer | string | undefined {
  const values = Array.isArray(header) ? header : [header];
  return values.find((value): value is Buffer | string => typeof value === 'string' || Buffer.isBuffer(value));
}
