import { exportStates, type Export } from '@courier/contracts';
import { Command, Option } from 'commander';
import { readMapping } from '../mapping-options';
import type { Ops } from '../ops';
import { collect, moreLine, pageOptions, type PageOptions } from '../option-values';
import type { Output } from '../output';
import { fieldTable, listTable, shortTime } from '../tables';

interface ListOptions extends PageOptions {
  segment?: string;
  connection?: string;
  state?: Export['state'];
  q?: string;
}

interface CreateOptions {
  name: string;
  connection: string;
  list: string;
  segment: string[];
  email: string;
  map?: string[];
}

export function exportsCommand(ops: Ops): Command {
  const command = new Command('exports').description('which segments go into which Klaviyo list');
  const [limit, cursor] = pageOptions();
  command
    .command('list')
    .description('list exports')
    .option('--segment <id>', 'only those of this segment')
    .option('--connection <id>', 'only those of this connection')
    .addOption(new Option('--state <state>', 'only those in this state').choices(exportStates))
    .option('--q <text>', 'only those whose name holds this text')
    .addOption(limit)
    .addOption(cursor)
    .action(ops.action<ListOptions>(({ options, output }) => list(ops, options, output)));
  command
    .command('show <id>')
    .description('show one export')
    .action(ops.action(({ args: [id = ''], output }) => show(ops, id, output)));
  command
    .command('create')
    .description('create an export; it runs with the next refresh of one of its segments')
    .requiredOption('--name <name>', 'display name')
    .requiredOption('--connection <id>', 'the connection that it uses')
    .requiredOption('--list <id>', 'the Klaviyo list that it fills')
    .requiredOption('--segment <id>', 'a segment that it exports; may be given several times', collect)
    .requiredOption('--email <column>', 'the column that holds the e-mail')
    .option(
      '--map <field=column>',
      'feeds a Klaviyo field, location.<field> or properties.<name>; may be given several times',
      collect,
    )
    .action(ops.action<CreateOptions>(({ options, output }) => create(ops, options, output)));
  return command;
}

async function list(ops: Ops, { segment, connection, ...options }: ListOptions, output: Output): Promise<void> {
  const query = { segmentId: segment, connectionId: connection, ...options };
  const page = await ops.exportOrchestrator(output).call((http) => http.GET('/v1/exports', { params: { query } }));
  output.result(page, () => {
    const rows = page.items.map(({ id, name, state, segmentIds, listId, lastRun }) => {
      return [id, name, state, segmentIds.join(', '), listId, lastRun?.status];
    });
    const table = listTable(['id', 'name', 'state', 'segments', 'list', 'last run'], rows, 'There are no such exports.');
    return table + moreLine(page.nextCursor);
  });
}

async function show(ops: Ops, id: string, output: Output): Promise<void> {
  const found = await ops.exportOrchestrator(output).call((http) => http.GET('/v1/exports/{id}', { params: { path: { id } } }));
  output.result(found, () => exportText(found));
}

async function create(ops: Ops, options: CreateOptions, output: Output): Promise<void> {
  const { name, connection, list: listId, segment, email, map = [] } = options;
  const body = { name, connectionId: connection, listId, segmentIds: segment, mapping: readMapping(email, map) };
  const created = await ops.exportOrchestrator(output).call((http) => http.POST('/v1/exports', { body }));
  output.result(created, () => exportText(created));
}

export function exportText(found: Export): string {
  const { mapping, attention, lastRun, list: target } = found;
  const { location = {}, properties = {}, ...fields } = mapping;
  const mapped = [
    ...Object.entries(fields),
    ...Object.entries(location).map(([field, column]) => [`location.${field}`, column] as const),
    ...Object.entries(properties).map(([field, column]) => [`properties.${field}`, column] as const),
  ];
  const facts = fieldTable([
    ['Export', found.id],
    ['Name', found.name],
    ['State', found.state],
    ['Attention', attention ? `${attention.detail} (${attention.code})` : null],
    ['Remedy', attention?.remedy],
    ['Segments', found.segmentIds.join(', ')],
    ['Connection', found.connectionId],
    ['List', target.name === null ? found.listId : `${target.name} (${found.listId})`],
    ['List not checked', target.problem ? `${target.problem.detail} (${target.problem.code})` : null],
    ['Mode', found.mode],
    ['Runs on', found.schedule.on],
    ['Last run', lastRun ? `${lastRun.id}, ${lastRun.status}, ${lastRun.trigger}` : 'none yet'],
    ['Created', `${shortTime(found.createdAt)} by ${found.createdBy.name}`],
    ['Updated', `${shortTime(found.updatedAt)} by ${found.updatedBy.name}`],
  ]);
  return `${facts}\n\n${listTable(['Klaviyo field', 'column'], mapped, '')}`;
}
