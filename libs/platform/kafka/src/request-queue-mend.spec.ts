import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mendRequestQueue } from './request-queue-mend';

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  checkPendingRequests(): void;
  destroy(): void;
}

describe('the request queue of kafkajs', () => {
  let queue: RequestQueue;
  beforeEach(() => {
    // As often as there are clients.
    mendRequestQueue();
    mendRequestQueue();
    const RequestQueueClass = require('kafkajs/src/network/requestQueue') as new (options: object) => RequestQueue;
    queue = new RequestQueueClass({ clientId: 'spec', broker: 'spec:9092', maxInFlightRequests: null, requestTimeout: 1_000 });
  });
  afterEach(() => queue.destroy());

  it('sets no timer while it is empty', () => {
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('looks again at requests that the broker throttles', () => {
    queue.throttledUntil = Date.now() + 60_000;
    queue.pending.push({});
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
  });
});
