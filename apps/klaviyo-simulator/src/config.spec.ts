import { describe, expect, it } from '@jest/globals';
import { readConfig, SettingsError } from './config';

describe('readConfig', () => {
  it('starts with one account, one key for everything and one list', () => {
    const { seed } = readConfig({});
    expect(seed.accounts).toEqual([
      {
        id: 'ACC001',
        name: 'Simulated Shop',
        keys: [{ key: 'pk_simulator_full_access_0001', scopes: 'all' }],
        lists: [{ id: 'LST001', name: 'Newsletter' }],
      },
    ]);
  });

  it('takes another key and list from the environment', () => {
    const { seed, port } = readConfig({ SIMULATOR_API_KEY: 'pk_mine', SIMULATOR_LIST_ID: 'XyZ123', PORT: '0' });
    expect(port).toBe(0);
    expect(seed.accounts[0]).toMatchObject({ keys: [{ key: 'pk_mine' }], lists: [{ id: 'XyZ123' }] });
  });

  it('names all bad settings at once and repeats none of their values', () => {
    const read = () => readConfig({ PORT: 'many', SIMULATOR_API_KEY: 'two words', SIMULATOR_LIST_ID: '!' });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(/PORT: .*\nSIMULATOR_API_KEY: .*\nSIMULATOR_LIST_ID: /s);
    expect(read).not.toThrow(/two words/);
  });
});
