import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { scrubText } from './scrub-text';

type ExportDone = Parameters<SpanExporter['export']>[1];
type Attributes = ReadableSpan['attributes'];

const urlKeys = new Set(['url.full', 'http.url', 'http.target', 'url.path', 'http.route']);
const droppedKeys = new Set(['url.query', 'exception.message', 'exception.stacktrace', 'user_agent.original', 'http.user_agent']);

/**
 * The one gate that every span passes on its way out. Queries of URLs are cut (Klaviyo's look-up URLs hold addresses, our own what
 * people search for), and the texts of exceptions dropped, because libraries quote data in them.
 */
export class CleaningSpanExporter implements SpanExporter {
  constructor(private readonly inner: SpanExporter) {}

  export(spans: ReadableSpan[], done: ExportDone): void {
    this.inner.export(spans.map(cleanSpan), done);
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  forceFlush(): Promise<void> {
    return this.inner.forceFlush?.() ?? Promise.resolve();
  }
}

export function cleanSpan(span: ReadableSpan): ReadableSpan {
  return Object.create(span, {
    name: { value: cutQuery(scrubText(span.name)) },
    attributes: { value: cleanAttributes(span.attributes) },
    events: { value: span.events.map((event) => ({ ...event, attributes: cleanAttributes(event.attributes ?? {}) })) },
    status: { value: { code: span.status.code } },
  }) as ReadableSpan;
}

function cleanAttributes(attributes: Attributes): Attributes {
  const kept: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (droppedKeys.has(key)) continue;
    if (typeof value !== 'string') kept[key] = value;
    else kept[key] = scrubText(urlKeys.has(key) ? cutQuery(value) : value);
  }
  return kept;
}

function cutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}
