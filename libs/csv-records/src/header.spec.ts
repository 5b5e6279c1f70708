import { describe, expect, it } from '@jest/globals';
import { RecordScanner } from './record-scanner';
import { scanText } from './scan-text';
import { pieces } from './testing/pieces';

async function scan(bytes: string | Buffer, pieceBytes = 4) {
  const sound: Buffer[] = [];
  const scanner = new RecordScanner('header', (range) => sound.push(Buffer.from(range)));
  await scanText(pieces(Buffer.from(bytes), pieceBytes), scanner);
  const { rows, unreadable, header, foreign, accented } = scanner;
  return { rows, unreadable, header, foreign, accented, sound: Buffer.concat(sound).toString('latin1') };
}

describe('a CSV part with a header', () => {
  it('has its columns from the first record, which is no row', async () => {
    const text = '\ufeff"E-mail ""work""",Name\r\na,b\nc\n\nd,e';
    expect(await scan(text)).toMatchObject({ header: ['E-mail "work"', 'Name'], rows: 3, unreadable: [2], sound: 'a,b\nd,e\n' });
  });

  it.each([
    ['Email,Name', ['Email', 'Name']],
    [' Email , "Name"\n', null],
    ['"a\nb","c,d"\n', ['a\nb', 'c,d']],
    ['one\n', ['one']],
    ['a,b,\n', ['a', 'b', '']],
    ['', null],
    ['\n\n', null],
  ])('of %j is named %j', async (text, header) => {
    expect(await scan(text)).toMatchObject({ header, rows: 0 });
  });

  it('tells how many of its records are UTF-8 and how many are not', async () => {
    const bytes = Buffer.from('Name\nZo\xeb\nAda\nJ\xfcrgen\n', 'latin1');
    expect(await scan(Buffer.concat([bytes, Buffer.from('Zoë\n')]))).toMatchObject({
      foreign: 2,
      accented: 1,
      unreadable: [1, 3],
    });
  });
});
