import type { OperationName } from './operations';

export interface LoggedRequest {
  sequence: number;
  at: string;
  method: string;
  path: string;
  /** Values in filters are masked: they hold addresses. */
  query: Record<string, string>;
  operation: OperationName | null;
  account: string | null;
  /** Null where no answer left (hang, reset, lost answer). */
  status: number | null;
  fault: string | null;
  /** Rows of an import that was well enough formed to be counted. */
  profiles: number | null;
  jobId: string | null;
  tookMs: number;
  /** Trace headers that came with the request; a caller must send Klaviyo none. */
  traceHeaders: string[];
}

/** A call that is kept without an answer until its caller gives up; it is logged then. */
export interface HangingRequest {
  operation: OperationName | null;
  account: string | null;
}

export interface OperationCounts {
  total: number;
  byStatus: Record<string, number>;
}

const ENTRIES_MAX = 20_000;

/** Who asked for what: the newest entries, and totals that never forget. Holds no key and no address. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private counts = new Map<string, OperationCounts>();
  private sequence = 0;
  readonly hanging = new Set<HangingRequest>();

  add(entry: Omit<LoggedRequest, 'sequence'>): void {
    this.sequence += 1;
    this.entries.push({ sequence: this.sequence, ...entry });
    if (this.entries.length > ENTRIES_MAX * 1.1) this.entries = this.entries.slice(-ENTRIES_MAX);
    const name = entry.operation ?? 'unknown';
    const counts = this.counts.get(name) ?? { total: 0, byStatus: {} };
    const status = entry.status === null ? 'none' : String(entry.status);
    counts.total += 1;
    counts.byStatus[status] = (counts.byStatus[status] ?? 0) + 1;
    this.counts.set(name, counts);
  }

  page(after: number, limit: number, operation: string | null): LoggedRequest[] {
    const found: LoggedRequest[] = [];
    for (const entry of this.entries) {
      if (entry.sequence <= after || (operation !== null && entry.operation !== operation)) continue;
      found.push(entry);
      if (found.length === limit) break;
    }
    return found;
  }

  totals(): Record<string, OperationCounts> {
    return Object.fromEntries(this.counts);
  }

  clear(): void {
    this.entries = [];
    this.counts = new Map();
  }
}

const harmless = new Set(['queued', 'processing', 'complete', 'cancelled']);
const wellFormed =
  /^(?:[a-z-]+\(|[a-z_.]+,|[[\](),\s]|"(?:\*|queued|processing|complete|cancelled)"|\d{4}-\d\d-\d\d[\dT:.Z+-]*)*$/;

export function maskedQuery(parameters: URLSearchParams): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (name === 'filter') masked[name] = maskedFilter(value);
    else masked[name] = name !== 'page[cursor]' && /^[\w.,-]{0,200}$/.test(value) ? value : '*';
  }
  return masked;
}

/** A filter with its values hidden; one that is not well formed could hide an address anywhere. */
function maskedFilter(filter: string): string {
  const masked = filter.replace(/"[^"]*"/g, (quoted) => (harmless.has(quoted.slice(1, -1)) ? quoted : '"*"'));
  return wellFormed.test(masked) ? masked : '*';
}
