import { inSpan, meter } from '@courier/telemetry';
import type { Answer } from './answer';
import { serviceName } from '../service-name';
import type { KlaviyoRequest, KlaviyoTransport, RawAnswer } from './transport';

const DURATION_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

const callDuration = meter(serviceName).createHistogram('http.client.request.duration', {
  description: 'Calls to Klaviyo',
  unit: 's',
  advice: { explicitBucketBoundaries: DURATION_BUCKETS },
});
const callAnswers = meter(serviceName).createCounter('courier.klaviyo.calls', {
  description: 'Calls to Klaviyo by operation and by what the answer means for us',
  unit: '{call}',
});

export interface ObservedCall {
  operation: string;
  /** The path with placeholders, of which there are few. */
  template: string;
  request: KlaviyoRequest;
}

/**
 * One call as an HTTP client span and in the metrics. It is written here and not left to an instrumentation, because that would put
 * look-up addresses into spans and trace headers into the requests.
 */
export function observeCall<T>(
  transport: KlaviyoTransport,
  { operation, template, request }: ObservedCall,
  classify: (raw: RawAnswer) => Answer<T>,
): Promise<Answer<T>> {
  const { host, port, url } = transport.addressOf(request);
  const common = {
    'http.request.method': request.method,
    'server.address': host,
    'server.port': port,
    'url.template': template,
  };
  const attributes = { ...common, 'url.full': url, 'courier.klaviyo.operation': operation };
  return inSpan(`${request.method} ${template}`, { attributes, kind: 'client' }, async (span) => {
    const startedMs = performance.now();
    const raw = await transport.send(request);
    const outcome: Record<string, string | number> =
      raw.kind === 'response' ? { 'http.response.status_code': raw.status } : { 'error.type': raw.reason };
    if (raw.kind === 'response' && raw.status >= 400) outcome['error.type'] = String(raw.status);
    callDuration.record((performance.now() - startedMs) / 1_000, { ...common, ...outcome });
    const answer = classify(raw);
    callAnswers.add(1, { 'courier.klaviyo.operation': operation, 'courier.klaviyo.answer': answer.kind });
    span.setAttributes({ ...outcome, 'courier.klaviyo.answer': answer.kind });
    return answer;
  });
}
