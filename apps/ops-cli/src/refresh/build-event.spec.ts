import { describe, expect, it } from '@jest/globals';
import { OpsError } from '../ops-error';
import { checkedRefresh, refreshOf } from './build-event';

const part = (rows: number) => ({ uri: 'file:///x/1.csv', rows, bytes: 10, sha256: 'a'.repeat(64) });
const facts = {
  environmentId: 'dev',
  segmentId: 's',
  refreshId: 'r',
  sequence: 7,
  format: 'cdm-csv' as const,
  compression: 'none' as const,
  manifest: { manifestUri: 'file:///x/model.json', entity: 'E' },
  parts: [part(3), part(4)],
  completedAt: new Date('2026-11-24T02:15:44Z'),
};

describe('refreshOf', () => {
  it('announces a Customer Insights folder with the sum of its rows', () => {
    const event = refreshOf(facts);
    expect(event.snapshot).toMatchObject({
      format: 'cdm-csv',
      compression: 'none',
      rowCount: 7,
      entity: 'E',
      partitions: facts.parts,
    });
    expect(event.refresh).toEqual({ id: 'r', trigger: 'manual', completedAt: '2026-11-24T02:15:44.000Z', result: 'successful' });
  });
});

describe('refreshOf other formats', () => {
  it('names no manifest', () => {
    const { manifest: _manifest, ...withoutManifest } = facts;
    const { snapshot } = refreshOf({ ...withoutManifest, format: 'ndjson', compression: 'gzip' });
    expect(snapshot).toMatchObject({ format: 'ndjson', compression: 'gzip', rowCount: 7 });
    expect(Object.keys(snapshot)).not.toContain('manifestUri');
  });
});

describe('checkedRefresh', () => {
  it('keeps fields that this version does not know', () => {
    expect(checkedRefresh({ ...refreshOf(facts), later: { a: 1 } })).toMatchObject({ later: { a: 1 } });
  });

  it('names everything that is wrong', () => {
    const event = refreshOf(facts);
    const bad = { ...event, sequence: -1, snapshot: { ...event.snapshot, partitions: [{ uri: 'x', rows: 'many' }] } };
    const check = () => checkedRefresh(bad);
    expect(check).toThrow(OpsError);
    try {
      check();
    } catch (error) {
      const { findings, exitCode } = error as OpsError;
      expect(findings.map((finding) => finding.split(':')[0])).toEqual(['sequence', 'snapshot.partitions[0].rows']);
      expect(exitCode).toBe(1);
    }
  });
});
