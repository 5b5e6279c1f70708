import { describe, expect, it } from '@jest/globals';
import { leaksIn } from './harness/leak-scan';
import { forEachPlace, needles, plannerLeftovers } from './harness/left-behind';

// The sequencer of the ring puts this file last: it looks at what all the others left behind.
describe('after the whole ring', () => {
  it('no address and no key is in a topic, database, log, span, metric or file of the stack', async () => {
    const sought = needles();
    expect(sought.addresses.size).toBeGreaterThan(0);
    expect(sought.secrets.length).toBeGreaterThan(3);
    const seen = new Set<string>();
    const leaks: string[] = [];
    await forEachPlace((place, text) => {
      if (text !== '') seen.add(place);
      leaks.push(...leaksIn(text, sought).map((leak) => `${place}: ${leak}`));
    });
    expect(leaks).toEqual([]);
    // A scan that reads nothing finds nothing.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...['topic segment.refreshes', 'database klaviyo-sink', '/metrics of klaviyo-sink'],
        ...['logs/export-orchestrator.log', 'telemetry/spans.ndjson'],
      ]),
    );
  });

  it('the planner has left no folder', () => {
    expect(plannerLeftovers()).toEqual([]);
  });
});
