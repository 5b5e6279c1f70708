import { describe, expect, it } from '@jest/globals';
import { listQuerySchema } from './list-schemas';

describe('the cursor of a list', () => {
  it.each(['WyJuZXh0Il0==', 'x'.repeat(8_000), 'a b', 'ä&page=2'])('is Klaviyo’s, whatever it looks like: %.20s', (cursor) => {
    expect(listQuerySchema.parse({ cursor })).toMatchObject({ cursor });
  });

  it.each(['', 'x'.repeat(8_001)])('is none where it is empty or could not be sent: %.5s', (cursor) => {
    expect(listQuerySchema.safeParse({ cursor }).success).toBe(false);
  });
});
