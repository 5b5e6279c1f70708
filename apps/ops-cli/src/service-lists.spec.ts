import { describe, expect, it } from '@jest/globals';
import { consumingServices, type ConsumingService } from './ops';
import { pagesOf } from './service-lists';

const page = (service: ConsumingService) =>
  Promise.resolve({ items: [{ id: service }], nextCursor: service === 'klaviyo-sink' ? 'next' : null });

describe('a list of all services', () => {
  it('has the first page of each, and says how to go on', async () => {
    expect(await pagesOf({}, page)).toEqual({
      items: consumingServices.map((service) => ({ id: service, service })),
      nextCursor: null,
      more: '\nThere are more of klaviyo-sink: --service klaviyo-sink --cursor next',
    });
  });

  it('goes on in one of them only', async () => {
    expect(await pagesOf({ service: 'klaviyo-sink', cursor: 'here' }, page)).toEqual({
      items: [{ id: 'klaviyo-sink', service: 'klaviyo-sink' }],
      nextCursor: 'next',
      more: '\nThere are more: --cursor next',
    });
    await expect(pagesOf({ cursor: 'here' }, page)).rejects.toMatchObject({ remedy: 'Name it with --service.' });
  });
});
