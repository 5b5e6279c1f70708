import { Command, Option } from 'commander';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { operations } from '../generated/export-orchestrator';
import { consumingServices, type ConsumingService, type ConsumingServiceApi, type Ops } from '../ops';
import { OpsError } from '../ops-error';
import { pageOptions, type PageOptions } from '../option-values';
import type { Output } from '../output';
import { patient } from '../service-api';
import { pagesOf } from '../service-lists';
import { fieldTable, grouped, listTable, shortTime } from '../tables';

type DeadLetter = operations['deadLettersRead']['responses'][200]['content']['application/json'];

interface ListOptions extends PageOptions {
  service?: ConsumingService;
  topic?: string;
  state: DeadLetter['state'] | 'all';
}

interface DecideOptions {
  reason: string;
  yes?: true;
}

const RETRY_EXTRA_MS = 30_000;

export function deadLettersCommand(ops: Ops): Command {
  const command = new Command('dead-letters').description('records that a service could not use');
  const [limit, cursor] = pageOptions();
  command
    .command('list')
    .description('list what the services put aside')
    .addOption(new Option('--service <service>', 'only of this one; all are asked otherwise').choices(consumingServices))
    .option('--topic <topic>', 'only those of this topic')
    .addOption(new Option('--state <state>', 'which ones').choices(['open', 'retried', 'discarded', 'all']).default('open'))
    .addOption(limit)
    .addOption(cursor)
    .action(ops.action<ListOptions>(({ options, output }) => list(ops, options, output)));
  command
    .command('show <id>')
    .description('show one of them')
    .action(ops.action(({ args: [id = ''], output }) => show(ops, id, output)));
  for (const [verb, does] of [
    ['retry', 'take the record in again from its place in its topic, once the cause is mended'],
    ['discard', 'give the record up for good'],
  ] as const) {
    command
      .command(`${verb} <id>`)
      .description(`${does}; says what it would do unless --yes is given`)
      .requiredOption('--reason <text>', 'why, for the record')
      .option('--yes', 'do it')
      .action(ops.action<DecideOptions>(({ args: [id = ''], options, output }) => decide(ops, verb, { id, ...options }, output)));
  }
  return command;
}

async function list(ops: Ops, { service, state, ...query }: ListOptions, output: Output): Promise<void> {
  const wanted = state === 'all' ? query : { ...query, state };
  const { items, nextCursor, moreOf, more } = await pagesOf({ ...(service ? { service } : {}), ...query }, (asked) =>
    ops.serviceApi(asked, output).call((http) => http.GET('/v1/dead-letters', { params: { query: wanted } })),
  );
  output.result({ items, nextCursor, moreOf }, () => {
    const rows = items.map(({ id, consumer, topic, partition, offset, reason, state: now, at }) => {
      return [id, consumer, `${topic}/${partition}/${offset}`, reason, now, shortTime(at)];
    });
    const head = ['id', 'service', 'record', 'reason', 'state', 'at'];
    return listTable(head, rows, 'There are no such dead letters.') + more;
  });
}

async function show(ops: Ops, id: string, output: Output): Promise<void> {
  const { letter } = await find(ops, id, output);
  output.result(letter, () => letterText(letter));
}

async function decide(
  ops: Ops,
  verb: 'retry' | 'discard',
  { id, reason, yes }: DecideOptions & { id: string },
  output: Output,
): Promise<ExitCode | void> {
  const { api, letter } = await find(ops, id, output);
  if (yes === undefined) {
    const applies = letter.state === 'open';
    output.result({ dryRun: true, action: verb, deadLetter: letter, applies }, () => {
      const would = applies
        ? `With --yes this record of ${letter.consumer} would ${prospects[verb]}.`
        : `It is ${letter.state}: with --yes the answer would be dead_letter_resolved.`;
      return `${letterText(letter)}\n\nNothing was done. ${would}`;
    });
    return applies ? exitCodes.ok : exitCodes.failed;
  }
  const request = { params: { path: { id } }, body: { reason } };
  if (verb === 'discard') {
    const discarded = await api.call((http) => http.POST('/v1/dead-letters/{id}/discard', request));
    output.result(discarded, () => 'The record is given up.');
    return;
  }
  // The record is read at its source first.
  const retried = await api.call((http) =>
    http.POST('/v1/dead-letters/{id}/retry', { ...request, fetch: patient(RETRY_EXTRA_MS) }),
  );
  const { detail, reason: why, remedy } = retried.deadLetter;
  output.result(retried, () => {
    return retried.result === 'dead_lettered'
      ? `It still cannot be used: ${detail} (${why}).\nRemedy: ${remedy}`
      : retryTexts[retried.result];
  });
  return retried.result === 'dead_lettered' ? exitCodes.failed : exitCodes.ok;
}

const prospects = {
  retry: 'be taken in again, if its topic still holds it',
  discard: 'be given up',
};

const retryTexts = {
  done: 'The record was taken in.',
  skipped: 'The record was taken in and rightly had no effect.',
  known: 'Nothing was left to do: its event was taken in meanwhile.',
  dead_lettered: 'It still cannot be used.',
};

/** Ids are derived from service, topic and place, so at most one service knows it. */
async function find(ops: Ops, id: string, output: Output): Promise<{ api: ConsumingServiceApi; letter: DeadLetter }> {
  for (const service of consumingServices) {
    const api = ops.serviceApi(service, output);
    try {
      return { api, letter: await api.call((http) => http.GET('/v1/dead-letters/{id}', { params: { path: { id } } })) };
    } catch (error) {
      if (!(error instanceof OpsError && error.code === 'dead_letter_not_found')) throw error;
    }
  }
  throw new OpsError({
    code: 'dead_letter_not_found',
    what: 'There is no such dead letter.',
    why: `None of ${consumingServices.join(', ')} has one with this id.`,
    remedy: 'Choose one of: ops dead-letters list --state all',
  });
}

function letterText(letter: DeadLetter): string {
  const { resolved } = letter;
  return fieldTable([
    ['Dead letter', letter.id],
    ['Service', letter.consumer],
    ['Topic', letter.topic],
    ['Partition', letter.partition],
    ['Offset', letter.offset],
    ['Event', letter.eventId],
    ['Type', letter.eventType],
    ['Reason', `${letter.detail} (${letter.reason})`],
    ['Remedy', letter.remedy],
    ['Bytes', grouped(letter.bytes)],
    ['SHA-256', letter.sha256],
    ['At', shortTime(letter.at)],
    ['State', letter.state],
    ['Retries', letter.retries],
    ['Decided', resolved === null ? null : `${shortTime(resolved.at)} by ${resolved.by?.sub ?? '-'}: ${resolved.reason}`],
  ]);
}
