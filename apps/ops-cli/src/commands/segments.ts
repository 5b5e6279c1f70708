import { Command } from 'commander';
import type { paths } from '../generated/export-orchestrator';
import type { Ops } from '../ops';
import { moreLine, pageOptions, type PageOptions, wholeNumber } from '../option-values';
import type { Output } from '../output';
import { fieldTable, grouped, listTable, shortTime } from '../tables';

type Segment = paths['/v1/segments/{id}']['get']['responses']['200']['content']['application/json'];

interface ResetOptions {
  sequence?: number;
  reason: string;
}

export function segmentsCommand(ops: Ops): Command {
  const command = new Command('segments').description('the segments that refreshes have named');
  const [limit, cursor] = pageOptions('the latest refreshed first');
  command
    .command('list')
    .description('list segments')
    .addOption(limit)
    .addOption(cursor)
    .action(ops.action<PageOptions>(({ options, output }) => list(ops, options, output)));
  command
    .command('show <id>')
    .description('show one segment: its newest snapshot, its sequence and the exports that use it')
    .action(ops.action(({ args: [id = ''], output }) => show(ops, id, output)));
  command
    .command('reset-sequence <id>')
    .description('lead a segment out of a sequence that was too high: lower ones are taken again (administrators)')
    .option('--sequence <n>', 'take what is above it (default: whatever comes next)', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .requiredOption('--reason <text>', 'why; for the audit')
    .action(ops.action<ResetOptions>(({ args: [id = ''], options, output }) => reset(ops, id, options, output)));
  return command;
}

async function list(ops: Ops, query: PageOptions, output: Output): Promise<void> {
  const page = await ops.exportOrchestrator(output).call((http) => http.GET('/v1/segments', { params: { query } }));
  output.result(page, () => {
    const rows = page.items.map(({ id, displayName, lastRefresh: { sequence, result, receivedAt } }) => {
      return [id, displayName, sequence, result, shortTime(receivedAt)];
    });
    const head = ['id', 'name', 'last sequence', 'result', 'heard'];
    return listTable(head, rows, 'No refresh has named a segment yet.') + moreLine(page.nextCursor);
  });
}

async function show(ops: Ops, id: string, output: Output): Promise<void> {
  const segment = await ops
    .exportOrchestrator(output)
    .call((http) => http.GET('/v1/segments/{id}', { params: { path: { id } } }));
  output.result(segment, () => segmentText(segment));
}

async function reset(ops: Ops, id: string, body: ResetOptions, output: Output): Promise<void> {
  const params = { path: { id } };
  const segment = await ops
    .exportOrchestrator(output)
    .call((http) => http.POST('/v1/segments/{id}/reset-sequence', { params, body }));
  output.result(segment, () => segmentText(segment));
}

function segmentText({ id, displayName, lastRefresh, newestSequence, staleInARow, newestSnapshot, exports }: Segment): string {
  const facts = fieldTable([
    ['Segment', id],
    ['Name', displayName],
    ['Last refresh', `${lastRefresh.sequence}, ${lastRefresh.result}, ${shortTime(lastRefresh.receivedAt)}`],
    ['Taken', newestSequence === null ? 'the next refresh, whatever its sequence' : `what is above ${newestSequence}`],
    ['Stale in a row', staleInARow === 0 ? null : staleInARow],
    ['Snapshot', newestSnapshot && `${newestSnapshot.sequence}, ${grouped(newestSnapshot.rowCount)} rows`],
    ['Expires', shortTime(newestSnapshot?.expiresAt)],
  ]);
  const rows = exports.map(({ id: exportId, name, state }) => [exportId, name, state]);
  return `${facts}\n\n${listTable(['export', 'name', 'state'], rows, 'No export uses it.')}`;
}
