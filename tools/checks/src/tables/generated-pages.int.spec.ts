import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generatedPages } from './generated-pages';
import { configuredServices, settingsOf } from './service-settings';

describe('the tables in docs/', () => {
  it.each(generatedPages().map((page) => ({ ...page, name: basename(page.file) })))(
    '$name says what the code says (npm run docs writes it anew)',
    ({ file, text }) => {
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it.each(configuredServices)('have a meaning for every setting of %s', (service) => {
    expect(settingsOf(service).filter(({ description }) => description === '')).toEqual([]);
  });
});
