import { describe, expect, it } from '@jest/globals';
import { partFilesOf } from './cdm-manifest';
import { failureOf } from '../testing/failure-of';

const manifestOf = (partitions: object[]) => ({
  entities: [{ name: 'Other' }, { name: 'Vips', attributes: [{ name: 'Email' }], partitions }],
});

describe('partFilesOf', () => {
  it('finds parts by URI, by path and beside the manifest', () => {
    const manifest = manifestOf([
      { location: 'file:///data/Vips%201.csv' },
      { location: '/data/Vips_2.csv' },
      { location: 'Vips/Vips_3.csv' },
    ]);
    expect(partFilesOf(manifest, '/export/model.json', 'Vips')).toEqual([
      '/data/Vips 1.csv',
      '/data/Vips_2.csv',
      '/export/Vips/Vips_3.csv',
    ]);
  });

  it('takes an entity without parts for an empty segment', () => {
    expect(partFilesOf({ entities: [{ name: 'Vips', attributes: [{ name: 'Email' }] }] }, '/m', 'Vips')).toEqual([]);
  });

  it('names the entities that there are', () => {
    expect(failureOf(() => partFilesOf(manifestOf([]), '/m', 'VIPs')).remedy).toBe('It holds: Other, Vips.');
  });

  it.each([
    ['a part elsewhere', manifestOf([{ location: 'https://x.blob.core.windows.net/Vips_1.csv' }]), 'not_supported'],
    ['header lines', manifestOf([{ location: 'a.csv', fileFormatSettings: { columnHeaders: true } }]), 'not_supported'],
    ['another delimiter', manifestOf([{ location: 'a.csv', fileFormatSettings: { delimiter: ';' } }]), 'not_supported'],
    ['no list of entities', {}, 'usage'],
    ['a part without a location', manifestOf([{}]), 'usage'],
  ])('refuses %s', (_what, manifest, code) => {
    expect(failureOf(() => partFilesOf(manifest, '/m', 'Vips'))).toMatchObject({ code, exitCode: 1 });
  });
});
