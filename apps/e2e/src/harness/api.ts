import type { Connection, Export, Page, Run } from '@courier/contracts';
import { fetchAnew, NotYet, until } from '@courier/testing';
import { serviceUrl, type ServiceName, tokenFor } from './stack';

/** Of a machine four times slower than a usual one, as every deadline of the ring. */
const KNOWN_MAX_MS = 240_000;
const ENDED_MAX_MS = 300_000;

const terminal = ['succeeded', 'completed_with_errors', 'failed', 'canceled', 'skipped', 'superseded'];

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  role?: 'administrator' | 'contributor' | 'viewer' | null;
}

/** One HTTP call as a person makes it with curl; an administrator's unless `role` says otherwise (null: without a token). */
export async function call<T>(
  service: ServiceName,
  method: string,
  path: string,
  { body, headers, role = 'administrator' }: Call = {},
): Promise<Answer<T>> {
  const response = await fetchAnew(serviceUrl(service) + path, {
    method,
    headers: {
      ...(role === null ? {} : { authorization: `Bearer ${await tokenFor(role)}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T };
}

async function expectStatus<T>(status: number, answer: Promise<Answer<T>>): Promise<T> {
  const got = await answer;
  if (got.status !== status) throw new Error(`expected ${status}, got ${got.status}: ${JSON.stringify(got.body)}`);
  return got.body;
}

export function createConnection(apiKey: string, more: object = {}): Promise<Connection> {
  const body = { displayName: 'Shop', type: 'klaviyo', apiKey, dataPrivacyConsent: { accepted: true }, ...more };
  return expectStatus(
    201,
    call<Connection>('connection-service', 'POST', '/v1/connections', { body, headers: { prefer: 'wait=20' } }),
  );
}

/** A connection that was made a moment ago travels to the orchestrator by topic, on a slow machine for longer than one request waits. */
export async function createExport(fields: object): Promise<Export> {
  const body = { name: 'Newsletter', ...fields };
  const made = await until(async () => {
    const answer = await call<Export>('export-orchestrator', 'POST', '/v1/exports', { body });
    return answer.status === 404 ? new NotYet(answer.body) : answer;
  }, KNOWN_MAX_MS);
  return expectStatus(201, Promise.resolve(made));
}

export function startRun(exportId: string): Promise<Run> {
  return expectStatus(202, call<Run>('export-orchestrator', 'POST', `/v1/exports/${exportId}/runs`, { body: { kind: 'full' } }));
}

/** What it read last is printed beside a failed test. */
export async function readRun(id: string): Promise<Run> {
  const run = await expectStatus(200, call<Run>('export-orchestrator', 'GET', `/v1/runs/${id}`));
  Object.assign(globalThis, { lastSeen: run });
  return run;
}

export async function runsOf(exportId: string): Promise<Run[]> {
  const page = await expectStatus(200, call<Page<Run>>('export-orchestrator', 'GET', `/v1/runs?exportId=${exportId}&limit=200`));
  return page.items;
}

/** The only run of an export, as soon as there is one. */
export function firstRunOf(exportId: string): Promise<Run> {
  // The orchestrator may be down for a moment in specs that kill it.
  return until(
    () =>
      runsOf(exportId).then(
        ([run]) => run,
        (error: unknown) => new NotYet(error),
      ),
    KNOWN_MAX_MS,
  );
}

export function isFinished({ status }: Run): boolean {
  return terminal.includes(status);
}

export function finished(runId: string, timeoutMs = ENDED_MAX_MS): Promise<Run> {
  return until(async () => {
    const run = await readRun(runId).catch((error: unknown) => new NotYet(error));
    return run instanceof NotYet || isFinished(run) ? run : new NotYet(run);
  }, timeoutMs);
}
