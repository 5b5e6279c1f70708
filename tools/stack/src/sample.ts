import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminalRunStatuses, type Run } from '@courier/contracts';
import { generateSegment, refreshOf, sampleMapping, type GeneratedSegment } from '@courier/sample-segment';
import { CourierApi } from './courier-api';
import { publishRefresh } from './publish-refresh';
import { runProgress } from './run-progress';
import { compare, isAsExpected, outcomeTable } from './sample-outcome';
import { simulatedAccount } from './service-definitions';
import type { Stack } from './stack';
import { StackError } from './stack-error';

const PEOPLE = 20_000;
const PARTS = 4;
const CONNECTION_NAME = 'Sample (simulated Klaviyo)';
const POLL_MS = 250;
const RUN_MAX_MS = 5 * 60_000;

/**
 * Exports a generated segment through the same doors as everybody: the HTTP API and the topic `segment.refreshes`. Each time with
 * a segment and an export of its own, so that what earlier starts delivered does not change the figures. True when all agree.
 */
export async function runSample(stack: Stack, signal: AbortSignal): Promise<boolean> {
  const { snapshotRoot, environmentId, kafkaBrokers } = stack.file;
  const entity = `Sample_${new Date().toISOString().replaceAll(/[-:]|\..*/g, '')}`;
  const dir = join(snapshotRoot, entity);
  console.log(`Sample export: ${PEOPLE} people in ${PARTS} parts, with duplicates and bad rows (about half a minute) ...`);
  const segment = await generateSegment({ dir, entity, people: PEOPLE, partitions: PARTS });

  const api = apiOf(stack, signal);
  const connection = await connect(api);
  const created = await api.createExport({
    name: `Sample export ${entity}`,
    connectionId: connection,
    listId: simulatedAccount.listId,
    segmentIds: [entity],
    mapping: sampleMapping,
  });
  const completedAt = new Date();
  const data = refreshOf({ segment, environmentId, refreshId: randomUUID(), sequence: 1, completedAt });
  await publishRefresh(kafkaBrokers, data);

  const run = await followRun(api, created.id, signal);
  const figures = compare(run, segment.expected, await readList(stack, segment, signal));
  console.log(outcomeTable(figures));
  if (run.reason) console.log(`The run says: ${run.reason.code}. ${run.reason.detail} ${run.reason.remedy}`);
  return isAsExpected(figures);
}

function apiOf(stack: Stack, signal: AbortSignal): CourierApi {
  const { services, operatorToken } = stack.file;
  const urls = { connections: services['connection-service']?.url ?? '', exports: services['export-orchestrator']?.url ?? '' };
  return new CourierApi(urls, operatorToken, signal);
}

async function connect(api: CourierApi): Promise<string> {
  const connection =
    (await api.findConnection(CONNECTION_NAME)) ?? (await api.createConnection(CONNECTION_NAME, simulatedAccount.apiKey));
  if (connection.state === 'connected') return connection.id;
  const { attention } = connection;
  const why = attention ? `${attention.code}: ${attention.detail} ${attention.remedy}` : 'its check has not ended yet';
  throw new StackError(`The connection is ${connection.state} (${why}).`);
}

async function followRun(api: CourierApi, exportId: string, signal: AbortSignal): Promise<Run> {
  const progress = runProgress(PEOPLE);
  const deadline = Date.now() + RUN_MAX_MS;
  let run: Run | undefined;
  try {
    while (Date.now() < deadline) {
      run = await api.newestRun(exportId);
      if (run) progress.show(run);
      if (run && (terminalRunStatuses as readonly string[]).includes(run.status)) return run;
      await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    progress.end();
  }
  const where = run ? `is still ${run.status} (${run.phase})` : 'was never started';
  throw new StackError(`The run ${where} after ${RUN_MAX_MS / 60_000} minutes. See the services' logs.`);
}

/** The list as the simulator itself holds it. */
async function readList(
  stack: Stack,
  segment: GeneratedSegment,
  signal: AbortSignal,
): Promise<{ members: number; strangers: number }> {
  const { id, listId } = simulatedAccount;
  const url = `${stack.file.klaviyoApiUrl}/_control/accounts/${id}/lists/${listId}/members`;
  const response = await fetch(url, { headers: { connection: 'close' }, signal });
  if (!response.ok) throw new StackError(`The simulator does not show its list (status ${response.status}).`);
  const members = (await response.text()).split('\n').filter((line) => line !== '');
  const belonging = new Set(segment.validEmails());
  return { members: members.length, strangers: members.filter((email) => !belonging.has(email)).length };
}
