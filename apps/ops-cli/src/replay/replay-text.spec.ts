import { describe, expect, it } from '@jest/globals';
import { rangeText, statusText } from './replay-text';

describe('the texts about replays', () => {
  it('say how much a range holds, and when it wants an approval', () => {
    const range = {
      topic: 'segment.refreshes',
      partitions: [{ partition: 3, from: 10, to: 12_010, records: 12_000 }],
      records: 12_000,
      recordsMax: 10_000,
      needsApproval: true,
    };
    expect(rangeText(range)).toMatch(/segment\.refreshes\/3 +10 +12010 +12,000/);
    expect(rangeText(range)).toContain('More than REPLAY_MAX_RECORDS (10,000): it wants --approve.');
    expect(rangeText({ ...range, partitions: [], records: 0, needsApproval: false })).toContain('nothing to read');
  });

  it('show what waits for a decision before what has happened', () => {
    const place = { topic: 'klaviyo.batches', partition: 1 };
    const text = statusText({
      consumer: 'klaviyo-sink',
      partitions: [
        { ...place, position: 7, highest: 7, generation: 1, paused: { code: 'skip_requested', detail: 'moved', since: 'now' } },
        { ...place, partition: 2, position: 7, highest: 7, generation: 1, paused: null },
      ],
      epochs: [],
      journal: [],
    });
    expect(text).toMatch(/klaviyo\.batches\/1 +7 +skip_requested +now +moved/);
    expect(text).not.toContain('klaviyo.batches/2');
    expect(text).toContain('Replays, newest first:\n  none');
  });
});
