import { Command, Option } from 'commander';
import { exitCodes, type ExitCode } from '../exit-codes';
import type { ConsumingServiceApi, Ops } from '../ops';
import { OpsError, usageError } from '../ops-error';
import { wholeNumber } from '../option-values';
import type { Output } from '../output';
import { readers, type Topic, usualTopic } from '../replay/readers';
import { abortText, type IntakeStatus } from '../replay/replay-text';
import { patient } from '../service-api';

interface DecideOptions {
  topic: Topic;
  partition?: number;
  skip?: true;
  reason: string;
  yes?: true;
}

type Decision = 'skip' | 'rewind' | 'adopt' | 'abort';
type Epoch = IntakeStatus['epochs'][number];

interface Situation {
  api: ConsumingServiceApi;
  status: IntakeStatus;
}

/** The owner of the partition answers first. */
const COMMAND_EXTRA_MS = 10_000;
const PARTITIONS_MAX = 100_000;

/** What would come of each decision about a partition that waits for it. */
const prospects: Record<Decision, string> = {
  skip: 'it would go on behind the records that are named, and never read them',
  rewind: 'the range would be read once more',
  adopt: 'the topic would be read as it is now, from its first record or from where the group was put',
  abort: 'the reset would be refused, and the reading goes on at its own position',
};

/** What the gate of a paused partition obeys, by the code of the pause. */
const obeyed: Record<string, readonly Decision[]> = {
  topic_truncated: ['adopt'],
  retention_gap: ['skip'],
  skip_requested: ['skip', 'abort'],
  rewind_requested: ['rewind', 'abort'],
};

const commands: Record<Decision, string> = { skip: 'approve --skip', rewind: 'approve', adopt: 'adopt', abort: 'abort' };

export function decisionCommands(ops: Ops): Command[] {
  const deciding = (name: string, description: string): Command =>
    new Command(name)
      .description(`${description}; says what it would do unless --yes is given`)
      .addOption(new Option('--topic <topic>', 'which topic').choices(Object.keys(readers)).default(usualTopic))
      .requiredOption('--reason <text>', 'why, for the record')
      .option('--yes', 'do it');
  const one = (command: Command) =>
    command.requiredOption('--partition <number>', 'which partition', wholeNumber(0, PARTITIONS_MAX));
  return [
    one(deciding('approve', 'let a partition do what it was paused for'))
      .option('--skip', 'records between are lost by this')
      .action(ops.action<DecideOptions>(({ options, output }) => approve(ops, options, output))),
    one(deciding('adopt', 'read a topic that was made anew')).action(
      ops.action<DecideOptions>(({ options, output }) => decideOne(ops, 'adopt', options, output)),
    ),
    deciding('abort', 'end the newest replay, and what it led to and has not begun; or refuse what a partition was paused for')
      .option('--partition <number>', 'only in this partition', wholeNumber(0, PARTITIONS_MAX))
      .action(ops.action<DecideOptions>(({ options, output }) => abort(ops, options, output))),
  ];
}

async function look(ops: Ops, topic: Topic, output: Output): Promise<Situation> {
  const api = ops.serviceApi(readers[topic], output);
  return { api, status: await api.call((http) => http.GET('/v1/intake')) };
}

function partitionOf({ partitions }: IntakeStatus, { topic, partition }: DecideOptions) {
  const found = partitions.find((one) => one.topic === topic && one.partition === partition);
  if (found !== undefined) return found;
  throw new OpsError({
    code: 'partition_not_found',
    what: `Nobody reads ${topic}/${partition}.`,
    why: `${readers[topic]} knows the partitions ${partitions
      .filter((one) => one.topic === topic)
      .map((one) => one.partition)
      .join(', ')}.`,
    remedy: 'Choose one of those; ops replay status says which of them wait.',
  });
}

async function approve(ops: Ops, options: DecideOptions, output: Output): Promise<ExitCode> {
  const { status } = await look(ops, options.topic, output);
  const { paused } = partitionOf(status, options);
  if (paused?.code === 'rewind_requested') return decideOne(ops, 'rewind', options, output);
  if (paused?.code === 'topic_truncated') {
    throw usageError('A topic that was made anew is not approved.', `${paused.detail}.`, 'Use ops replay adopt.');
  }
  if (paused !== null && options.skip === undefined) {
    throw usageError('This approval loses records.', `${paused.detail}.`, 'Give --skip when that is meant.');
  }
  return decideOne(ops, 'skip', options, output);
}

async function decideOne(ops: Ops, decision: Decision, options: DecideOptions, output: Output): Promise<ExitCode> {
  const { api, status } = await look(ops, options.topic, output);
  const { topic, partition, paused } = partitionOf(status, options);
  const place = `${topic}/${partition}`;
  if (options.yes === undefined) return foresee(decision, { topic, partition, paused }, output);
  return tell(output, [{ place, answer: await give(api, { topic, partition }, decision, options.reason) }]);
}

/** What `--yes` would do or answer, with the exit code that it would have. */
function foresee(
  decision: Decision,
  { topic, partition, paused }: Pick<IntakeStatus['partitions'][number], 'topic' | 'partition' | 'paused'>,
  output: Output,
): ExitCode {
  // A code that this version does not know is left to the service.
  const decisions = paused === null ? [] : (obeyed[paused.code] ?? [decision]);
  const applies = decisions.includes(decision);
  const remedies = decisions.map((one) => `ops replay ${commands[one]} --topic ${topic} --partition ${partition} --reason '...'`);
  output.result({ dryRun: true, command: decision, paused, applies, remedies }, () => {
    const now = paused === null ? 'does not wait for a decision' : `is paused (${paused.code}): ${paused.detail}`;
    const helps = decisions.map((one, index) => `  ${remedies[index]}: ${prospects[one]}`);
    const lines = applies
      ? [`Nothing was done. With --yes ${prospects[decision]}.`]
      : [
          'Nothing was done, and this does not apply: with --yes the answer would be nothing_to_decide.',
          helps.length === 0 ? 'Remedy: ops replay status says which partitions wait, and for what.' : 'Remedy: what applies is',
          ...helps,
        ];
    return [`${topic}/${partition} ${now}.`, ...lines].join('\n');
  });
  return applies ? exitCodes.ok : exitCodes.failed;
}

/** Of a partition that is paused, the reset; else the newest replay that has not ended, in all of its partitions. */
async function abort(ops: Ops, options: DecideOptions, output: Output): Promise<ExitCode> {
  const { api, status } = await look(ops, options.topic, output);
  if (options.partition !== undefined && partitionOf(status, options).paused !== null) {
    return decideOne(ops, 'abort', options, output);
  }
  const epochs = newestReplay(status, options);
  if (options.yes === undefined) {
    const held = options.topic === 'segment.refreshes' ? await heldRuns(ops, epochs, output) : null;
    output.result({ dryRun: true, command: 'abort', epochs, heldRuns: held }, () => abortText(epochs, held));
    return exitCodes.ok;
  }
  const answers = await Promise.all(
    epochs.map(async ({ topic, partition }) => {
      return { place: `${topic}/${partition}`, answer: await give(api, { topic, partition }, 'abort', options.reason) };
    }),
  );
  return tell(output, answers);
}

function newestReplay({ epochs }: IntakeStatus, { topic, partition }: DecideOptions): Epoch[] {
  const open = epochs.filter(
    (one) => one.topic === topic && one.state !== 'closed' && (partition === undefined || one.partition === partition),
  );
  const newest = Math.max(...open.map(({ epoch }) => epoch));
  return open.filter(({ epoch }) => epoch === newest);
}

/** Those that the replay has led to and that have not begun. */
async function heldRuns(ops: Ops, [first]: Epoch[], output: Output): Promise<string[]> {
  const query = { trigger: 'replay' as const, status: 'queued' as const, limit: 200 };
  const { items } = await ops.exportOrchestrator(output).call((http) => http.GET('/v1/runs', { params: { query } }));
  return items.filter(({ replay }) => first !== undefined && replay?.epoch === first.epoch).map(({ id }) => id);
}

async function give(
  api: ConsumingServiceApi,
  place: { topic: string; partition: number },
  command: Decision,
  reason: string,
): Promise<'done' | 'asked'> {
  const body = { ...place, command, reason };
  const { answer } = await api.call((http) => http.POST('/v1/intake/commands', { body, fetch: patient(COMMAND_EXTRA_MS) }));
  return answer;
}

function tell(output: Output, answers: { place: string; answer: 'done' | 'asked' }[]): ExitCode {
  const texts = {
    done: 'done.',
    asked: 'asked; its owner has not answered yet. See ops replay status, and whether the service runs.',
  };
  output.result({ answers }, () =>
    answers.length === 0
      ? 'No replay is open: nothing was done.'
      : answers.map(({ place, answer }) => `${place}: ${texts[answer]}`).join('\n'),
  );
  return answers.every(({ answer }) => answer === 'done') ? exitCodes.ok : exitCodes.failed;
}
