import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../testing/failure-of';
import { partFilesOf } from './cdm-manifest';
import { findParts, locatedOption } from './part-locations';

const lake = 'https://contoso.blob.core.windows.net:443/insights/CI_1/BlobExport';

/** Where a location is found on a machine with these files, whose manifest is /copy/BlobExport/model.json. */
function found(location: string | string[], files: string[], ...options: string[]) {
  const machine = {
    manifestFile: '/copy/BlobExport/model.json',
    locations: options.reduce<ReturnType<typeof locatedOption>>((all, option) => locatedOption(option, all), []),
    exists: (file: string) => files.includes(file),
  };
  return findParts([location].flat(), machine);
}

describe('findParts', () => {
  it.each([
    'https://contoso.blob.core.windows.net/insights=/mnt/lake',
    'https://contoso.blob.core.windows.net:443/insights/=/mnt/lake/',
    'https://CONTOSO.blob.core.windows.net/insights=/mnt/lake',
  ])('looks where the lake is said to be: %s', (option) => {
    const file = '/mnt/lake/CI_1/BlobExport/Seg/part 1.csv';
    expect(found(`${lake}/Seg/part%201.csv?sig=secret`, [file], option)).toEqual([file]);
  });

  it('prefers the longest address, and looks below the other ones too', () => {
    const options = ['https://contoso.blob.core.windows.net/=/all', `${lake}=/export`];
    expect(found(`${lake}/Seg/p.csv`, ['/export/Seg/p.csv', '/all/insights/CI_1/BlobExport/Seg/p.csv'], ...options)).toEqual([
      '/export/Seg/p.csv',
    ]);
    expect(found(`${lake}/Seg/p.csv`, ['/all/insights/CI_1/BlobExport/Seg/p.csv'], ...options)).toEqual([
      '/all/insights/CI_1/BlobExport/Seg/p.csv',
    ]);
  });

  it.each([
    'https://contoso.blob.core.windows.net/insight=/mnt',
    'https://other.blob.core.windows.net/insights=/mnt',
    'http://contoso.blob.core.windows.net/insights=/mnt',
    'https://contoso.blob.core.windows.net/insights/CI_1/Blob=/mnt',
  ])('takes an address by whole steps: %s', (option) => {
    const files = [
      '/mnt/CI_1/BlobExport/p.csv',
      '/mnt/s/CI_1/BlobExport/p.csv',
      '/mnt/BlobExport/p.csv',
      '/mnt/Export/p.csv',
      '/mnt/p.csv',
    ];
    expect(found(`${lake}/p.csv`, files, option)).toEqual([null]);
  });

  it.each([
    [
      'abfss://insights@contoso.dfs.core.windows.net/Seg/p.csv',
      'abfss://insights@contoso.dfs.core.windows.net=/mnt',
      '/mnt/Seg/p.csv',
    ],
    ['file:///elsewhere/Seg/p.csv', 'file:///elsewhere=/mnt', '/mnt/Seg/p.csv'],
    ['wasbs://c@a/x/../p.csv', 'wasbs://c@a=/mnt', '/mnt/p.csv'],
  ])('takes any scheme: %s', (location, option, file) => {
    expect(found(location, [file], option)).toEqual([file]);
  });

  it.each([
    [['/copy/BlobExport/Seg/2026/p.csv'], '/copy/BlobExport/Seg/2026/p.csv'],
    [['/copy/BlobExport/2026/p.csv', '/copy/BlobExport/p.csv'], '/copy/BlobExport/2026/p.csv'],
    [['/copy/BlobExport/p.csv'], '/copy/BlobExport/p.csv'],
    [
      ['/copy/BlobExport/insights/CI_1/BlobExport/Seg/2026/p.csv', '/copy/BlobExport/p.csv'],
      '/copy/BlobExport/insights/CI_1/BlobExport/Seg/2026/p.csv',
    ],
    [['/copy/p.csv', '/copy/Seg/2026/p.csv', '/p.csv'], null],
  ])('looks below the folder of the manifest, as far as the way fits: %j', (files, file) => {
    expect(found(`${lake}/Seg/2026/p.csv`, files)).toEqual([file]);
  });

  it('takes no file for two parts', () => {
    const parts = [`${lake}/Seg/23/p.csv`, `${lake}/Seg/24/p.csv`, `${lake}/Seg/24/q.csv`];
    expect(found(parts, ['/copy/BlobExport/p.csv', '/copy/BlobExport/q.csv'])).toEqual([null, null, '/copy/BlobExport/q.csv']);
  });

  it('takes paths and file: URIs as they are, where they are files', () => {
    const files = ['/copy/BlobExport/Seg/a.csv', '/data/b.csv', '/data/c c.csv'];
    const parts = [
      'Seg/a.csv',
      '/data/b.csv',
      'file:///data/c%20c.csv',
      'Seg/none.csv',
      'file:///none.csv',
      'file://host/data/b.csv',
    ];
    expect(found(parts, files)).toEqual([...files, null, null, null]);
  });

  it.each(['https://', 'https://x/%2e%2e%2fetc/passwd', 'https://x/..%2f..%2fetc%2fpasswd', 'data:,x', ':'])(
    'finds nothing for %s',
    (location) => {
      expect(found(location, ['/etc/passwd', '/copy/etc/passwd', '/copy/BlobExport'])).toEqual([null]);
    },
  );
});

describe('a location that climbs out of the folder that is said', () => {
  const exists = ['/etc/hostname', '/mnt/etc/hostname', '/mnt/lake/etc/hostname', '/mnt', '/mnt/lake', '/copy/etc/hostname'];
  it.each([
    'lake:../../etc/hostname',
    'lake:../etc/hostname',
    'lake:x/../../../etc/hostname',
    'lake:%2e%2e/%2E./etc/hostname',
    'lake:./etc/hostname',
    'lake:..',
    'lake:.',
    'lake:..\\..\\etc/../../hostname',
  ])('is found nowhere: %s', (location) => {
    expect(found(location, exists, 'lake:=/mnt/lake')).toEqual([null]);
    expect(found(location, exists)).toEqual([null]);
  });

  it('is another one than a name with dots', () => {
    expect(found('lake:..a/b../p..csv', ['/mnt/lake/..a/b../p..csv'], 'lake:=/mnt/lake')).toEqual(['/mnt/lake/..a/b../p..csv']);
  });
});

describe('--locations', () => {
  it.each(['', 'https://x', '=/mnt', 'x=/mnt', 'https://x/c='])('must be an address and a folder: %j', (text) => {
    expect(() => locatedOption(text, undefined)).toThrow(/address and a folder/);
  });
});

it('names every part of a manifest that cannot be found, and no signature', () => {
  const partitions = [{ location: `${lake}/1.csv?sig=secret` }, { location: `${lake}/2.csv` }, { location: 'here.csv' }];
  const content = { entities: [{ name: 'Seg', attributes: [{ name: 'Email' }], partitions }] };
  const machine = { manifestFile: '/copy/model.json', locations: [], exists: (file: string) => file === '/copy/here.csv' };
  const failure = failureOf(() => partFilesOf(content, { ...machine, entityName: 'Seg' }));
  expect(failure).toMatchObject({ code: 'part_missing', exitCode: 1, findings: [`${lake}/1.csv`, `${lake}/2.csv`] });
});
