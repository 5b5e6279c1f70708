import { describe, expect, it } from '@jest/globals';
import { consumingServices, type ConsumingService } from './ops';
import { pagesOf } from './service-lists';

/** Each has two; the first service has the newest and the oldest. */
const times: Record<ConsumingService, string[]> = {
  'export-orchestrator': ['2026-11-24T06:00:00Z', '2026-11-24T01:00:00Z'],
  'klaviyo-sink': ['2026-11-24T05:00:00Z', '2026-11-24T04:00:00Z'],
  'connection-service': ['2026-11-24T03:00:00Z', '2026-11-24T02:00:00Z'],
};
const page = (service: ConsumingService) =>
  Promise.resolve({ items: times[service].map((at) => ({ at })), nextCursor: service === 'klaviyo-sink' ? 'next' : null });
const itemsOf = (service: ConsumingService) => times[service].map((at) => ({ at, service }));

describe('a list of all services', () => {
  it('has the newest first, of whichever service, and says how to go on', async () => {
    expect(await pagesOf({}, page)).toEqual({
      items: consumingServices.flatMap(itemsOf).sort((one, other) => (one.at < other.at ? 1 : -1)),
      nextCursor: null,
      moreOf: ['klaviyo-sink'],
      more: '\nThere are more of klaviyo-sink: --service klaviyo-sink --cursor next',
    });
  });

  it('is limited over all services, and goes on from the start of one that is not listed in full', async () => {
    const { items, moreOf, more } = await pagesOf({ limit: 3 }, page);
    expect(items.map(({ at }) => at.slice(11, 13))).toEqual(['06', '05', '04']);
    expect(moreOf).toEqual(consumingServices);
    expect(more).toBe(
      '\nThere are more of export-orchestrator: --service export-orchestrator' +
        '\nThere are more of klaviyo-sink: --service klaviyo-sink --cursor next' +
        '\nThere are more of connection-service: --service connection-service',
    );
  });

  it('is limited where nothing is said', async () => {
    const many = () => Promise.resolve({ items: Array.from({ length: 50 }, () => ({ at: '2026' })), nextCursor: null });
    expect((await pagesOf({}, many)).items).toHaveLength(50);
  });

  it('goes on in one of them only', async () => {
    expect(await pagesOf({ service: 'klaviyo-sink', cursor: 'here' }, page)).toEqual({
      items: itemsOf('klaviyo-sink'),
      nextCursor: 'next',
      moreOf: ['klaviyo-sink'],
      more: '\nThere are more: --cursor next',
    });
    await expect(pagesOf({ cursor: 'here' }, page)).rejects.toMatchObject({ remedy: 'Name it with --service.' });
  });
});
