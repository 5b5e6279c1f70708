import { describe, expect, it } from '@jest/globals';
import { partFilesOf } from './cdm-manifest';
import { failureOf } from '../testing/failure-of';

const manifestOf = (partitions: object[]) => ({
  entities: [{ name: 'Other' }, { name: 'Vips', attributes: [{ name: 'Email' }], partitions }],
});

/** A machine on which every file is there. */
const asked = (manifestFile: string, entityName = 'Vips') => ({ manifestFile, entityName, locations: [], exists: () => true });

describe('partFilesOf', () => {
  it('finds parts by URI, by path and beside the manifest', () => {
    const manifest = manifestOf([
      { location: 'file:///data/Vips%201.csv' },
      { location: '/data/Vips_2.csv' },
      { location: 'Vips/Vips_3.csv' },
    ]);
    expect(partFilesOf(manifest, asked('/export/model.json')).map(({ file }) => file)).toEqual([
      '/data/Vips 1.csv',
      '/data/Vips_2.csv',
      '/export/Vips/Vips_3.csv',
    ]);
  });

  it('takes an entity without parts for an empty segment', () => {
    expect(partFilesOf({ entities: [{ name: 'Vips', attributes: [{ name: 'Email' }] }] }, asked('/m'))).toEqual([]);
  });

  it('passes over partitions that are there for their schema only', () => {
    const manifest = manifestOf([{ name: 'schema', location: null }, {}, { location: 'a.csv', fileFormatSettings: null }]);
    expect(partFilesOf(manifest, asked('/export/model.json')).map(({ file }) => file)).toEqual(['/export/a.csv']);
  });

  it('tells how each part is read', () => {
    const manifest = manifestOf([{ location: 'a.csv', fileFormatSettings: { columnHeaders: true, delimiter: ';' } }]);
    expect(partFilesOf(manifest, asked('/m'))).toMatchObject([{ reading: { hasHeader: true, dialect: { delimiter: 0x3b } } }]);
  });

  it('names the entities that there are', () => {
    expect(failureOf(() => partFilesOf(manifestOf([]), asked('/m', 'VIPs'))).remedy).toBe('It holds: Other, Vips.');
  });

  it.each([
    ['another encoding', manifestOf([{ location: 'a.csv', fileFormatSettings: { encoding: 'UTF-32' } }]), 'not_supported'],
    ['an unknown culture', { ...manifestOf([{ location: 'a.csv' }]), culture: 'us-en' }, 'not_supported'],
    ['no list of entities', {}, 'usage'],
    ['no attributes', { entities: [{ name: 'Vips' }] }, 'usage'],
  ])('refuses %s', (_what, manifest, code) => {
    expect(failureOf(() => partFilesOf(manifest, asked('/m')))).toMatchObject({ code, exitCode: 1 });
  });
});
