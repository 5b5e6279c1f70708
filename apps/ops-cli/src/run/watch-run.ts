import { setTimeout as sleep } from 'node:timers/promises';
import { terminalRunStatuses, type Run } from '@courier/contracts';
import { exitCodeOfRun, type ExitCode } from '../exit-codes';
import type { OrchestratorApi, Ops } from '../ops';
import type { Output } from '../output';
import { OpsError } from '../ops-error';
import { runProgress, type RunProgress } from './run-progress';
import { fieldTable } from '../tables';
import { outcomeText, reasonLine } from './run-text';
import { waitingFields } from './waiting';

const POLL_MS = 500;
/** A run ends by its deadline, a day by default; this is beyond it. */
const WATCH_MAX_MS = 48 * 3_600_000;
/** A service that restarts is back long before. */
const SILENCE_MAX_MS = 60_000;

interface Watching {
  ops: Ops;
  output: Output;
  /** What is printed as JSON; the run itself where nothing is said. */
  document?: (run: Run) => object;
}

/** Follows a run until it has ended or needs a person, prints its counts, and gives the exit code that stands for its status. */
export async function watchRun(
  api: OrchestratorApi,
  runId: string,
  { ops, output, document = (run) => run }: Watching,
): Promise<ExitCode> {
  const waits = async (run: Run) => fieldTable(await waitingFields(ops, run, output));
  const run = await followRun(api, runId, explained(runProgress(ops.terminal.stderr), waits));
  output.result(document(run), () => `${headline(run)}\n\n${outcomeText(run)}`);
  return exitCodeOfRun(run);
}

/** Says what the run waits for whenever it begins to. */
function explained(progress: RunProgress, waits: (run: Run) => Promise<string>): RunProgress {
  let said: string | null = null;
  return {
    ...progress,
    show: async (run) => {
      const reason = run.waiting?.reason ?? null;
      if (reason !== null && reason !== said) progress.say(await waits(run));
      said = reason;
      await progress.show(run);
    },
  };
}

function headline(run: Run): string {
  const reason = reasonLine(run);
  const lines = [`Run ${run.id}: ${run.status}`, reason, run.reason?.remedy];
  return lines.filter((line) => line).join('\n');
}

export async function followRun(
  api: Pick<OrchestratorApi, 'call'>,
  runId: string,
  progress: RunProgress,
  pollMs = POLL_MS,
): Promise<Run> {
  const start = Date.now();
  let heardAt = start;
  try {
    while (Date.now() - start < WATCH_MAX_MS) {
      try {
        const run = await api.call((http) => http.GET('/v1/runs/{id}', { params: { path: { id: runId } } }));
        heardAt = Date.now();
        await progress.show(run);
        if (isSettled(run)) return run;
      } catch (error) {
        const mayRecover = error instanceof OpsError && error.retryable && Date.now() - heardAt < SILENCE_MAX_MS;
        if (!mayRecover) throw error;
      }
      await sleep(pollMs);
    }
  } finally {
    progress.end();
  }
  throw new OpsError({
    code: 'watch_ended',
    what: `Run ${runId} has not ended.`,
    why: 'It was watched for two days.',
    remedy: `See ops runs show ${runId}.`,
  });
}

function isSettled({ status }: Run): boolean {
  return status === 'awaiting_approval' || (terminalRunStatuses as readonly string[]).includes(status);
}
