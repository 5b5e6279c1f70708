import { beforeAll, describe, expect, it } from '@jest/globals';
import { CredentialMaker } from '../testing/credential-maker';
import { JoseCredentialOpener } from './jose-credential-opener';

const content = { connectionId: '0199b2d6-0000-7000-8000-000000000001', version: 3, apiKey: 'pk_secret' };

describe('a sealed credential', () => {
  let today: CredentialMaker;
  let stranger: CredentialMaker;

  beforeAll(async () => {
    [today, stranger] = await Promise.all([CredentialMaker.create(), CredentialMaker.create()]);
  });

  async function open(sealed: string, asked: Partial<typeof content> = {}) {
    return new JoseCredentialOpener(today.openerKeys).open({ ...content, ...asked, sealed });
  }

  it('opens for its connection and version', async () => {
    expect(await open(await today.seal(content))).toEqual({ apiKey: 'pk_secret' });
  });

  it('does not open for another connection or version', async () => {
    const sealed = await today.seal(content);
    expect(await open(sealed, { connectionId: '0199b2d6-0000-7000-8000-000000000002' })).toBeNull();
    expect(await open(sealed, { version: 4 })).toBeNull();
  });

  it('does not open when somebody else signed it, though it was sealed to us', async () => {
    expect(await open(await today.seal(content, stranger))).toBeNull();
  });

  it('does not open when it was sealed to another key, or is no seal at all', async () => {
    expect(await open(await stranger.seal(content, today))).toBeNull();
    expect(await open('not.a.seal')).toBeNull();
  });

  it('opens with an old private key as long as that is in the set', async () => {
    const before = await CredentialMaker.create('before');
    const keys = { private: { keys: [today.sealing.private, before.sealing.private] }, signers: today.openerKeys.signers };
    const sealed = await before.seal(content, today);
    expect(await new JoseCredentialOpener(keys).open({ ...content, sealed })).toEqual({ apiKey: 'pk_secret' });
    expect(await open(sealed)).toBeNull();
  });
});
