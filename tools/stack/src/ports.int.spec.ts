import { describe, expect, it } from '@jest/globals';
import { reservePort } from './ports';

describe('reservePort', () => {
  it('gives a port that was released to nobody else while this process lives', async () => {
    const first = await reservePort();
    await first.release();
    const second = await reservePort(first.port);
    await second.release();
    expect(second.port).not.toBe(first.port);
  });
});
