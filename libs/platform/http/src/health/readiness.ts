/** One thing that a service needs before it can work. */
export interface ReadinessCheck {
  readonly name: string;
  /** Why the service cannot serve, in one sentence, or null. Bounded by the caller. */
  check(): Promise<string | null>;
  /** What waits for somebody although the service can serve, or null: an API that decides about it must stay within reach. */
  waits?(): string | null;
}

export interface ReadinessReport {
  /** `degraded`: it serves, but something waits. */
  status: 'ready' | 'degraded' | 'not_ready';
  /** What is wrong or waits, by the name of the check. */
  problems: Record<string, string>;
  checked: string[];
}

const checkTimeoutMs = 3_000;

export async function readinessOf(checks: ReadinessCheck[], timeoutMs = checkTimeoutMs): Promise<ReadinessReport> {
  const results = await Promise.all(
    checks.map(async (check) => ({ name: check.name, wrong: await outcome(check, timeoutMs), waits: check.waits?.() ?? null })),
  );
  const told = results.map(
    ({ name, wrong, waits }) => [name, [wrong, waits].filter((text) => text !== null).join('; ')] as const,
  );
  const problems = Object.fromEntries(told.filter(([, text]) => text !== ''));
  const isDegraded = Object.keys(problems).length > 0;
  const status = results.some(({ wrong }) => wrong !== null) ? 'not_ready' : isDegraded ? 'degraded' : 'ready';
  return { status, problems, checked: checks.map(({ name }) => name) };
}

async function outcome(check: ReadinessCheck, timeoutMs: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
  });
  try {
    return await Promise.race([check.check(), late]);
  } catch {
    // The error's own text may hold an address or a query; that it failed is what readiness has to say.
    return 'the check itself failed';
  } finally {
    clearTimeout(timer);
  }
}
