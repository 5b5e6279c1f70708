import { topics, type Run } from '@courier/contracts';
import { randomBytes } from 'node:crypto';
import { readTopic, until } from '@courier/testing';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { call, createConnection, createExport, finished, firstRunOf, readRun, runsOf, startRun } from './harness/api';
import { storyOf } from './harness/logs';
import { listedMetrics, measured, scrape } from './harness/metrics';
import { generate, refresh, sampleMapping } from './harness/segment';
import { control, SimulatedAccount } from './harness/simulator';
import { ancestry, type ExportedSpan, spans, spansOf } from './harness/spans';
import { stack, type ServiceName } from './harness/stack';

const named = (all: readonly ExportedSpan[], service: string) =>
  new Set(all.filter((span) => span.service === service).map(({ name }) => name));

/** The trace of a run, once its last span has been exported. */
async function traceOf(run: Run): Promise<ExportedSpan[]> {
  const last = await until(() =>
    spans().find(({ name, attributes }) => name === 'finish run' && attributes['courier.run.id'] === run.id),
  );
  return spansOf(last.traceId);
}

/**
 * The trace, once each service has exported the spans of these names and every span its parent: each exports by its own clock. The
 * first one may have a parent outside.
 */
function traceWith(traceId: string, names: Readonly<Record<string, readonly string[]>>, outside = ''): Promise<ExportedSpan[]> {
  const lacks = (trace: readonly ExportedSpan[]) => {
    const ids = new Set([outside, ...trace.map(({ spanId }) => spanId)]);
    const orphans = trace.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId));
    const missing = Object.entries(names).map(([service, all]) => all.filter((name) => !named(trace, service).has(name)));
    return [...missing.flat(), ...orphans.map(({ name }) => `the parent of ${name}`)];
  };
  return until(() => (lacks(spansOf(traceId)).length === 0 ? spansOf(traceId) : null)).catch(() => {
    throw new Error(`the trace ${traceId} lacks ${lacks(spansOf(traceId)).join(', ')}`);
  });
}

describe('a run that is watched', () => {
  let account: SimulatedAccount;
  let exportId: string;
  let connectionId: string;
  let segment: Awaited<ReturnType<typeof generate>>;
  let run: Run;
  /** Runs of which one met a 429, and one had to wait for the other. */
  let held: string[] = [];
  const upstream = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };

  beforeAll(async () => {
    account = await SimulatedAccount.create();
    segment = await generate({ people: 300 });
    ({ id: connectionId } = await createConnection(account.apiKey));
    const fields = { connectionId, listId: account.listId, segmentIds: [segment.entity], mapping: sampleMapping };
    ({ id: exportId } = await createExport(fields));
    await refresh(segment, { headers: { traceparent: `00-${upstream.traceId}-${upstream.spanId}-01` } });
    run = await finished((await firstRunOf(exportId)).id);
    await call('klaviyo-sink', 'GET', `/v1/connections/${connectionId}/lists`);
  }, 600_000);

  const letKlaviyoEndJobs = () => control('PUT', 'job-rules', { stuck: false });
  afterEach(letKlaviyoEndJobs);

  it('is one trace from the refresh through run, batch and Klaviyo call to its end', async () => {
    const [last] = await traceOf(run);
    expect(last?.traceId).toBe(upstream.traceId);
    const planning = ['process segment.refreshes', 'start run', 'plan run', 'planner plan', 'create klaviyo.batches'];
    const calls = ['POST /api/profile-bulk-import-jobs', 'GET /api/profile-bulk-import-jobs/{id}'];
    const sending = [
      'process klaviyo.batches',
      'send import',
      ...calls,
      'settle job',
      'finish delivery',
      'create klaviyo.outcomes',
    ];
    const ending = ['process klaviyo.outcomes', 'finish run', 'planner merge', 'create export.runs'];
    const expected = { 'export-orchestrator': [...planning, ...ending], 'klaviyo-sink': sending };
    const trace = await traceWith(upstream.traceId, expected, upstream.spanId);
    // Unbroken: from every span a chain of parents leads to the one that upstream named.
    for (const span of trace)
      expect([span.name, ancestry(span, trace).at(-1)?.parentSpanId]).toEqual([span.name, upstream.spanId]);
    const end = trace.find(({ name }) => name === 'finish delivery');
    const path = ancestry(end as ExportedSpan, trace).map(({ name }) => name);
    expect(path).toEqual([
      ...['finish delivery', 'process klaviyo.batches', 'create klaviyo.batches', 'planner plan', 'plan run', 'start run'],
      'process segment.refreshes',
    ]);
  });

  it('carries its trace in every record about it', async () => {
    for (const topic of [topics.batches, topics.outcomes, topics.runs]) {
      const records = await readTopic(stack().kafkaBrokers.split(','), topic.name);
      const about = records.split('\n').filter((record) => record.includes(run.id));
      expect(about.length).toBeGreaterThan(0);
      for (const record of about) expect(record).toContain(`traceparent=00-${upstream.traceId}-`);
    }
  });

  it('begins a trace of its own where upstream or a person begins none', async () => {
    // The first of the two keeps the list until the other one waits for it, and the other one's import is throttled.
    const jobs = (await account.jobs()).length;
    await control('PUT', 'job-rules', { stuck: 'queued' });
    await refresh(segment);
    const byRefresh = await until(async () => (await runsOf(exportId)).find(({ id }) => id !== run.id));
    await until(async () => (await account.jobs()).length > jobs);
    const byHand = await startRun(exportId);
    await until(async () => (await readRun(byHand.id)).waiting?.reason === 'list_busy');
    await account.fault({ operation: 'bulk_import_profiles', kind: 'status', status: 429, retryAfter: 1 });
    await letKlaviyoEndJobs();
    held = [byRefresh.id, byHand.id];
    const traces = [await traceOf(await finished(byRefresh.id)), await traceOf(await finished(byHand.id))];
    const roots = traces.map((trace) => trace.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name));
    expect(roots).toEqual([['process segment.refreshes'], ['POST /v1/exports/:id/runs']]);
    for (const [index, { id }] of [byRefresh, byHand].entries()) {
      const about = spans().filter(({ attributes }) => attributes['courier.run.id'] === id);
      expect(new Set(about.map(({ traceId }) => traceId))).toEqual(new Set([traces[index]?.[0]?.traceId]));
    }
  });

  it('shows the check of its connection as one trace through all three services', async () => {
    const created = await until(() =>
      spans().find(
        ({ name, attributes }) => name === 'create connections' && attributes['courier.connection.id'] === connectionId,
      ),
    );
    const trace = await traceWith(created.traceId, {
      'connection-service': ['POST /v1/connections', 'create connections', 'process klaviyo.connection-checks'],
      'klaviyo-sink': ['process connections', 'check connection', 'GET /api/accounts'],
      'export-orchestrator': ['process connections'],
    });
    expect(trace.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual(['POST /v1/connections']);
  });

  it('tells Klaviyo nothing of its trace, and its trace nothing of what was looked up or sent', async () => {
    const { items } = await control<{ items: { traceHeaders: string[] }[] }>('GET', 'requests?limit=20000');
    expect(items.length).toBeGreaterThan(0);
    expect(items.flatMap(({ traceHeaders }) => traceHeaders)).toEqual([]);
    const addresses = spans().flatMap(({ attributes }) => ('url.full' in attributes ? [String(attributes['url.full'])] : []));
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.filter((address) => address.includes('?'))).toEqual([]);
    expect(JSON.stringify(spans())).not.toContain('@');
  });

  it('is a story in the log files of the services, by its id and in the right order', async () => {
    await until(() => storyOf(run.id).some(({ msg }) => msg === 'Run finished'));
    const story = storyOf(run.id);
    expect(story.map(({ service, msg }) => `${service}: ${msg}`)).toEqual([
      'export-orchestrator: Refresh heard',
      'export-orchestrator: Run created',
      'export-orchestrator: Run is being planned',
      'export-orchestrator: Run planned',
      'export-orchestrator: Batch announced',
      'klaviyo-sink: Batch received',
      'klaviyo-sink: Import accepted by Klaviyo',
      'klaviyo-sink: Import job ended',
      'klaviyo-sink: Batch delivered',
      'export-orchestrator: Outcome booked',
      'export-orchestrator: Run has all its outcomes',
      'export-orchestrator: Run finished',
    ]);
    for (const line of story) expect(line).toMatchObject({ exportId, trace_id: upstream.traceId });
    expect(story.find(({ msg }) => msg === 'Run planned')).toMatchObject({ snapshotRows: segment.expected.rows, batches: 1 });
    expect(story.at(-1)).toMatchObject({ status: run.status, accepted: run.counts.accepted });
    expect(JSON.stringify(story)).not.toContain('@');
  });

  it('tells in its story why it waited', () => {
    const told = held.flatMap(storyOf);
    expect(told).toContainEqual(expect.objectContaining({ msg: 'Klaviyo throttles; the import waits', retryAfterMs: 1_000 }));
    expect(told).toContainEqual(expect.objectContaining({ msg: 'Run waits', reason: 'list_busy' }));
  });

  it.each<ServiceName>(['connection-service', 'export-orchestrator', 'klaviyo-sink'])('is measured by %s', async (service) => {
    const listed = listedMetrics().filter(({ services }) => services.includes(service));
    const missing = (metrics: string) => listed.map(({ name }) => name).filter((name) => !measured(metrics).has(name));
    // What PostgreSQL or Kafka is asked for is left out where the answer takes too long.
    const metrics = await until(async () => {
      const scraped = await scrape(service);
      return missing(scraped).length === 0 ? scraped : null;
    }).catch(() => scrape(service));
    expect(missing(metrics)).toEqual([]);
    const names = measured(metrics);
    const own = [...names].filter((name) => name.startsWith('courier_'));
    expect(own.filter((name) => !listed.some((metric) => metric.name === name))).toEqual([]);
    // Labels with ids would grow with every run.
    for (const id of [run.id, exportId, connectionId, ...segment.validEmails()]) expect(metrics).not.toContain(id);
  });

  it('is measured in numbers that are true of it', async () => {
    const orchestrator = await scrape('export-orchestrator');
    expect(orchestrator).toMatch(/^courier_run_finished_total\{[^}]*courier_run_status="completed_with_errors"[^}]*\} [1-9]/m);
    expect(orchestrator).toMatch(/^http_server_request_duration_count\{[^}]*http_route="\/v1\/runs\/:id"[^}]*\} [1-9]/m);
    expect(orchestrator).toMatch(
      /^messaging_process_duration_count\{[^}]*segment\.refreshes"[^}]*courier_intake_verdict="done"[^}]*\} [1-9]/m,
    );
    const sink = await scrape('klaviyo-sink');
    expect(sink).toMatch(
      /^http_client_request_duration_count\{[^}]*url_template="\/api\/profile-bulk-import-jobs"[^}]*\} [1-9]/m,
    );
    expect(sink).toMatch(/^courier_delivery_profiles_total\{[^}]*courier_profile_outcome="accepted"[^}]*\} [1-9]/m);
    expect(sink).toMatch(/^courier_klaviyo_quota_used\{[^}]*\} [\d.]+/m);
  });
});
