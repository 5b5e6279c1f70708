import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { segmentRefreshedV1, type SegmentRefreshedV1 } from '@courier/contracts';
import { newId } from '@courier/kernel';
import { Command, Option } from 'commander';
import { kafkaSettingsOf } from '../config';
import { exitCodes, exitCodeWithoutRun, type ExitCode } from '../exit-codes';
import { type OrchestratorApi, orchestratorApi, type Ops } from '../ops';
import { wholeNumber } from '../option-values';
import type { Output } from '../output';
import { awaitVerdict, type HeardRefresh } from '../refresh/await-verdict';
import { checkedRefresh, refreshOf } from '../refresh/build-event';
import { readManifestParts } from '../refresh/cdm-manifest';
import { describeFiles } from '../refresh/describe-files';
import { readJsonFile } from '../refresh/json-file';
import { nextSequence } from '../refresh/next-sequence';
import { locatedOption } from '../refresh/part-locations';
import { publishRefresh } from '../refresh/publish-refresh';
import { sourceOf, type PublishOptions, type RefreshSource } from '../refresh/refresh-source';
import { watchRun } from '../run/watch-run';
import { fieldTable, grouped } from '../tables';

export function refreshesCommand(ops: Ops): Command {
  const command = new Command('refreshes').description('announce that a segment was refreshed');
  command
    .command('publish')
    .description('publish an event to segment.refreshes, and tell which runs it started')
    .option('--file <event.json>', 'an event as it is')
    .option('--manifest <model.json>', 'a Customer Insights folder: its rows, bytes and digests are computed')
    .option('--entity <name>', 'with --manifest: the entity in it')
    .addOption(
      new Option(
        '--locations <address=folder>',
        'with --manifest: where the lake is mounted or copied, such as https://account/container=/mnt/lake; several times',
      ).argParser(locatedOption),
    )
    .option('--csv [files...]', 'the parts of a segment as CSV with header lines; gzip is recognised')
    .option('--ndjson [files...]', 'the parts of a segment as lines of JSON; gzip is recognised')
    .option('--parquet [files...]', 'the parts of a segment as Parquet')
    .option('--segment <id>', 'the segment (with --manifest, default: the name of the entity)')
    .option('--sequence <n>', 'must grow (default: the newest known of the segment + 1)', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--watch', 'follow the first run to its end')
    .action(ops.action<PublishOptions>(({ options, output }) => publish(ops, options, output)));
  return command;
}

async function publish(ops: Ops, options: PublishOptions, output: Output): Promise<ExitCode> {
  const source = sourceOf(options);
  const settings = ops.settings(['OPS_KAFKA_BROKERS', 'OPS_EXPORT_ORCHESTRATOR_URL', 'OPS_TOKEN'], output);
  const kafka = kafkaSettingsOf(settings);
  const api = orchestratorApi(settings);

  const event =
    source.kind === 'event' ? await eventOfFile(ops, source.file) : await eventOfParts(ops, source, { ...options, api }, output);
  warnOfOutsiders(event, ops.stack()?.snapshotRoot, output);
  const eventId = await publishRefresh(kafka, event);
  output.note(`Published ${eventId}; waiting until it is heard ...`);
  const heard = await awaitVerdict(api, { eventId, segmentId: event.segment.id });
  if (heard === null) {
    output.note(
      'Nobody has heard it yet: export-orchestrator may be stopped. The event stays in Kafka; do not publish it again.',
    );
  }
  const published = publishedDocument(eventId, event, heard);
  const [runId] = published.runIds;
  if (options.watch && runId !== undefined) {
    output.note(`Runs: ${published.runIds.join(', ')}`);
    return watchRun(api, runId, { ops, output, document: (run) => ({ ...published, run }) });
  }
  output.result(published, () => publishedText(eventId, event, heard));
  return options.watch ? exitCodeWithoutRun(published.verdict) : exitCodes.ok;
}

/** Only a warning: the services may have more roots than the stack file tells. */
function warnOfOutsiders({ snapshot }: SegmentRefreshedV1, root: string | undefined, output: Output): void {
  if (root === undefined) return;
  const uris = [snapshot.manifestUri ?? [], ...snapshot.partitions.map(({ uri }) => uri)].flat();
  const files = uris.filter((uri) => uri.startsWith('file:')).map(localFile);
  const [first, ...more] = files.filter((file) => !realPath(file).startsWith(`${realPath(root)}${sep}`));
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` and ${grouped(more.length)} more`;
  output.note(
    `Warning: ${first}${others} will be refused (snapshot_outside_roots) unless SNAPSHOT_ROOTS allows it.\n` +
      `Remedy: put the files below ${root} and publish them from there.`,
  );
}

/** What is no path of this machine, such as one with an encoded slash, stays as it is written. */
function localFile(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}

/** Links are resolved, as the orchestrator does; what does not exist stays as it is written. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

async function eventOfFile(ops: Ops, file: string): Promise<SegmentRefreshedV1> {
  const wanted = `Name a file that holds the data of one ${segmentRefreshedV1.type}; parts go with --csv, --ndjson or --parquet.`;
  return checkedRefresh(await readJsonFile(resolve(ops.terminal.cwd, file), wanted));
}

async function eventOfParts(
  ops: Ops,
  source: Exclude<RefreshSource, { kind: 'event' }>,
  { sequence, api }: PublishOptions & { api: OrchestratorApi },
  output: Output,
): Promise<SegmentRefreshedV1> {
  const { OPS_ENVIRONMENT_ID: environmentId } = ops.settings(['OPS_ENVIRONMENT_ID'], output);
  const located = (file: string): string => resolve(ops.terminal.cwd, file);
  const snapshot = source.kind === 'folder' ? await folderParts(source, located) : null;
  const files =
    snapshot?.files ?? (source.kind === 'files' ? source.files.map((file) => ({ file: located(file), reading: null })) : []);
  const described = await describeFiles(files, source.format, ops.terminal.stderr);
  // Asked last: to read large parts takes a while.
  const next = sequence ?? (await nextSequence(api, source.segmentId));
  const completedAt = new Date();
  return refreshOf({
    environmentId,
    segmentId: source.segmentId,
    refreshId: newId(),
    sequence: next,
    format: source.format,
    ...(snapshot === null ? {} : { manifest: snapshot.manifest }),
    ...described,
    completedAt,
  });
}

async function folderParts(
  { manifest, entity, locations }: Extract<RefreshSource, { kind: 'folder' }>,
  located: (file: string) => string,
) {
  const manifestFile = located(manifest);
  const here = locations.map(({ uri, folder }) => ({ uri, folder: located(folder) }));
  const files = await readManifestParts({ manifestFile, entityName: entity, locations: here });
  return { files, manifest: { manifestUri: pathToFileURL(manifestFile).href, entity } };
}

function publishedDocument(eventId: string, event: SegmentRefreshedV1, heard: HeardRefresh | null) {
  return {
    eventId,
    segmentId: event.segment.id,
    refreshId: event.refresh.id,
    sequence: event.sequence,
    rowCount: event.snapshot.rowCount,
    partitions: event.snapshot.partitions.length,
    /** null: not heard yet. */
    verdict: heard?.verdict ?? null,
    reason: heard?.reason ?? null,
    remedy: heard?.remedy ?? null,
    runIds: heard?.runIds ?? [],
  };
}

function publishedText(eventId: string, event: SegmentRefreshedV1, heard: HeardRefresh | null): string {
  const { segment, sequence, snapshot } = event;
  const verdict = heard === null ? 'not heard yet' : heard.verdict;
  return fieldTable([
    ['Event', eventId],
    ['Segment', segment.id],
    ['Sequence', sequence],
    ['Snapshot', `${grouped(snapshot.rowCount)} rows in ${snapshot.partitions.length} parts`],
    ['Verdict', heard?.reason ? `${verdict}: ${heard.reason}` : verdict],
    ['Remedy', heard?.remedy],
    ...(heard?.runIds ?? []).map((runId) => ['Run', runId] as const),
  ]);
}
