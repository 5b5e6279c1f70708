import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { stopTelemetry } from './running-telemetry';
import { startTelemetry } from './start-telemetry';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('startTelemetry', () => {
  beforeAll(() => startTelemetry({ serviceName: 'spec' }));
  afterAll(() => stopTelemetry());

  it('continues the trace of a caller and takes none of the baggage', () => {
    const caller = propagation.extract(ROOT_CONTEXT, { traceparent, baggage: 'email=ada@example.com' });
    expect(trace.getSpanContext(caller)?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    const own = propagation.setBaggage(caller, propagation.createBaggage({ email: { value: 'ada@example.com' } }));
    for (const active of [caller, own]) {
      const headers = {};
      context.with(active, () => propagation.inject(context.active(), headers));
      expect(headers).toEqual({ traceparent });
    }
  });
});
