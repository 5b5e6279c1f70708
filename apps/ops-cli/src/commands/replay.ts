import { Command, Option } from 'commander';
import { exitCodes, type ExitCode } from '../exit-codes';
import type { Ops } from '../ops';
import { OpsError, usageError } from '../ops-error';
import { isoTime } from '../option-values';
import type { Output } from '../output';
import { readers, type Topic, usualTopic } from '../replay/readers';
import { candidatesText, type IntakeStatus, planText, rangeText, statusText } from '../replay/replay-text';
import { awaitReplay } from '../replay/await-replay';
import { patient } from '../service-api';
import { decisionCommands } from './replay-decisions';

/** The range is read to its end first. */
const PLAN_EXTRA_MS = 30_000;

interface ReplayOptions {
  topic?: Topic;
  since?: string;
  earliest?: true;
  run?: string;
  export?: string;
  segment?: string;
  from?: string;
  to?: string;
  force?: true;
  unfinishedOnly?: true;
}

interface StartOptions extends ReplayOptions {
  reason: string;
  approve?: true;
  yes?: true;
}

const topicOption = () => new Option('--topic <topic>', 'which topic').choices(Object.keys(readers));

export function replayCommand(ops: Ops): Command {
  const command = new Command('replay').description('exports and batches once more, and what waits for a decision');
  const selecting = (name: string, description: string): Command =>
    command
      .command(name)
      .description(description)
      .addOption(topicOption().default(undefined, 'segment.refreshes'))
      .option('--since <time>', 'a range: every record from this time on', isoTime)
      .option('--earliest', 'a range: every record that is left')
      .option('--run <id>', 'a selection: this run')
      .option('--export <id>', 'a selection: the newest run of this export')
      .option('--segment <id>', 'a selection: the newest run of each export of this segment')
      .option('--from <time>', 'a selection: of the runs made at or after this time', isoTime)
      .option('--to <time>', 'a selection: of the runs made before this time', isoTime)
      .option('--force', 'also what is older than the newest that was delivered')
      .option('--unfinished-only', 'only what has not ended well');
  selecting('plan', 'say what a replay would do').action(
    ops.action<ReplayOptions>(({ options, output }) => plan(ops, options, output)),
  );
  selecting('start', 'replay a range or a selection; says what it would do unless --yes is given')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--approve', 'more records than REPLAY_MAX_RECORDS are meant')
    .option('--yes', 'do it')
    .action(ops.action<StartOptions>(({ options, output }) => start(ops, options, output)));
  command
    .command('status')
    .description('where reading stands, what was replayed, and what waits for a decision; of both topics unless one is named')
    .addOption(topicOption())
    .action(ops.action<{ topic?: Topic }>(({ options, output }) => status(ops, options, output)));
  for (const decision of decisionCommands(ops)) command.addCommand(decision);
  return command;
}

function isRange({ topic, since, earliest, run, export: exported, segment, from, to }: ReplayOptions): boolean {
  const range = [since, earliest].filter((one) => one !== undefined).length;
  const selection = [run, exported, segment, from, to].filter((one) => one !== undefined).length;
  if (range > 1 || (range > 0 && selection > 0) || range + selection === 0) {
    throw usageError(
      'It is not clear what to replay.',
      'A replay is either a range (--since or --earliest) or a selection (--run, --export, --segment, --from, --to).',
      'Name one of the two.',
    );
  }
  if (selection > 0 && topic === 'klaviyo.batches') {
    throw usageError(
      'Single runs cannot be sent again from their batches.',
      'A selection makes new runs from snapshots; klaviyo.batches is replayed by range.',
      'Leave --topic out, or name a range (--since or --earliest).',
    );
  }
  return range === 1;
}

function selectionOf({ run, export: exported, segment, from, to, force, unfinishedOnly }: ReplayOptions) {
  const named = { runId: run, exportId: exported, segmentId: segment, from, to };
  return { ...named, force: force === true, unfinishedOnly: unfinishedOnly === true };
}

async function plan(ops: Ops, options: ReplayOptions, output: Output): Promise<ExitCode> {
  if (isRange(options)) {
    const { topic = usualTopic, since } = options;
    const api = ops.serviceApi(readers[topic], output);
    const body = { topic, since, force: options.force === true, unfinishedOnly: options.unfinishedOnly === true };
    const range = await api.call((http) => http.POST('/v1/intake/replays/plan', { body, fetch: patient(PLAN_EXTRA_MS) }));
    output.result(range, () => planText(range));
    return range.needsApproval ? exitCodes.awaitingApproval : exitCodes.ok;
  }
  const body = selectionOf(options);
  const candidates = await ops.exportOrchestrator(output).call((http) => http.POST('/v1/replays/plan', { body }));
  output.result(candidates, () => candidatesText(candidates));
  return exitCodes.ok;
}

async function start(ops: Ops, options: StartOptions, output: Output): Promise<ExitCode> {
  const range = isRange(options);
  if (options.yes === undefined) {
    const code = await plan(ops, options, output);
    output.note(
      code === exitCodes.awaitingApproval
        ? 'Nothing was done. With --approve --yes it is started.'
        : 'Nothing was done. With --yes it is started.',
    );
    return code;
  }
  if (range) return startRange(ops, options, output);
  const body = { ...selectionOf(options), reason: options.reason };
  const started = await ops.exportOrchestrator(output).call((http) => http.POST('/v1/replays', { body }));
  output.result(started, () =>
    started.runIds.length === 0
      ? 'No run is to be repeated; ops replay plan says why.'
      : ['Started:', ...started.runIds.map((id) => `  ops runs watch ${id}`)].join('\n'),
  );
  return exitCodes.ok;
}

async function startRange(ops: Ops, options: StartOptions, output: Output): Promise<ExitCode> {
  const { topic = usualTopic, since, reason, force, unfinishedOnly, approve: approved } = options;
  const api = ops.serviceApi(readers[topic], output);
  const how = { reason, force: force === true, unfinishedOnly: unfinishedOnly === true, approved: approved === true };
  const look = () => api.call((http) => http.GET('/v1/intake'));
  const known = highestEpoch(await look(), topic);
  try {
    const range = await api.call((http) => http.POST('/v1/intake/replays', { body: { topic, since, ...how } }));
    if (range.partitions.length > 0) {
      await awaitReplay(look, { topic, above: known, range }, output);
    }
    output.result(range, () =>
      range.records === 0
        ? 'There is nothing to read once more.'
        : `Read once more.\n\n${rangeText(range)}\n\nWhat comes of it: ops runs list --trigger replay`,
    );
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof OpsError && error.code === 'approval_required')) throw error;
    output.note(`${error.message} ${error.why} With --approve it is started.`);
    return exitCodes.awaitingApproval;
  }
}

function highestEpoch({ epochs }: IntakeStatus, topic: string): number {
  return Math.max(0, ...epochs.filter((one) => one.topic === topic).map(({ epoch }) => epoch));
}

async function status(ops: Ops, { topic }: { topic?: Topic }, output: Output): Promise<void> {
  const asked = topic === undefined ? Object.values(readers) : [readers[topic]];
  const found = await Promise.all(asked.map((reader) => ops.serviceApi(reader, output).call((http) => http.GET('/v1/intake'))));
  const [first] = found;
  output.result(topic === undefined ? found : first, () => found.map(statusText).join('\n\n'));
}
