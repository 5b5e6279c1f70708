/** One thing that a service needs before it can work. */
export interface ReadinessCheck {
  readonly name: string;
  /** What is wrong in one sentence, or null. Bounded by the caller. */
  check(): Promise<string | null>;
}

export interface ReadinessReport {
  status: 'ready' | 'not_ready';
  /** What is wrong, by the name of the check. */
  problems: Record<string, string>;
  checked: string[];
}

const checkTimeoutMs = 3_000;

export async function readinessOf(checks: ReadinessCheck[], timeoutMs = checkTimeoutMs): Promise<ReadinessReport> {
  const results = await Promise.all(checks.map(async (check) => [check.name, await outcome(check, timeoutMs)] as const));
  const problems = Object.fromEntries(results.filter((entry): entry is [string, string] => entry[1] !== null));
  const status = Object.keys(problems).length === 0 ? 'ready' : 'not_ready';
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
