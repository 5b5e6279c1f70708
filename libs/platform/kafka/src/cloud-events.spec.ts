import { describe, expect, it } from '@jest/globals';
import type { IHeaders } from 'kafkajs';
import { cloudEventHeaders, decodeRecord } from './cloud-events';

const attributes = { id: '1', source: '/spec', type: 'note.v1', subject: 'ada', time: new Date('2026-01-02T03:04:05.678Z') };

describe('a CloudEvent in a record', () => {
  it.each([attributes, { ...attributes, subject: null, time: null }])('is read as it was written: %j', (written) => {
    const record = decodeRecord(cloudEventHeaders(written), Buffer.from('{"name":"ada"}'));
    expect(record).toEqual({ kind: 'event', attributes: written, data: { name: 'ada' } });
  });

  it.each(['ce_specversion', 'ce_id', 'ce_source', 'ce_type'])('is undecodable without %s', (name) => {
    const { [name]: _missing, ...headers } = cloudEventHeaders(attributes);
    expect(decodeRecord(headers, Buffer.from('{}'))).toEqual({ kind: 'undecodable', detail: `header ${name} is missing` });
  });

  it.each([
    ['no value', null],
    ['a value that is not JSON', Buffer.from('{')],
    ['a value that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('is undecodable with %s', (_what, value) => {
    expect(decodeRecord(cloudEventHeaders(attributes), value).kind).toBe('undecodable');
  });

  it.each([
    ['is too long', 'x'.repeat(1_001)],
    ['is too long', '€'.repeat(334)],
    ['holds control characters', 'a\u0000b'],
  ])('is undecodable where an attribute %s', (why, id) => {
    const headers = cloudEventHeaders({ ...attributes, id });
    expect(decodeRecord(headers, Buffer.from('{}'))).toEqual({ kind: 'undecodable', detail: `header ce_id ${why}` });
  });

  it.each(['ce_specversion', 'ce_id', 'ce_source', 'ce_type'])('is undecodable where %s is null or not UTF-8', (name) => {
    const told = [null, [null, null], [], Buffer.from([0xff])].map((value) => {
      return decodeRecord({ ...cloudEventHeaders(attributes), [name]: value } as IHeaders, Buffer.from('{}'));
    });
    const missing = { kind: 'undecodable', detail: `header ${name} is missing` };
    expect(told).toEqual([missing, missing, missing, { kind: 'undecodable', detail: `header ${name} is not UTF-8` }]);
  });

  it.each([null, [null], '', Buffer.from([0xff]), 'a\u0000b', 'x'.repeat(1_001)])(
    'has no subject and no time where they are %p, and is read all the same',
    (value) => {
      const headers = { ...cloudEventHeaders(attributes), ce_subject: value, ce_time: value } as IHeaders;
      const read = { ...attributes, subject: null, time: null };
      expect(decodeRecord(headers, Buffer.from('{}'))).toEqual({ kind: 'event', attributes: read, data: {} });
    },
  );

  it('is undecodable where its value could not be kept', () => {
    const record = decodeRecord(cloudEventHeaders(attributes), Buffer.from('{"name":"\\u0000"}'));
    expect(record).toEqual({ kind: 'undecodable', detail: 'the value cannot be kept: a text in it holds U+0000' });
  });

  it('is too large above a MiB, and says how large it is', () => {
    const value = Buffer.from(JSON.stringify('x'.repeat(1_048_576)));
    const detail = 'the value has 1048578 bytes, more than 1048576';
    expect(decodeRecord(cloudEventHeaders(attributes), value)).toEqual({ kind: 'too_large', detail });
  });
});
