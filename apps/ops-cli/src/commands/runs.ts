import { rejectedStages, runStatuses, runTriggers, type RejectedProfile, type Run } from '@courier/contracts';
import { Command, Option } from 'commander';
import type { ExitCode } from '../exit-codes';
import type { Ops } from '../ops';
import { usageError } from '../ops-error';
import { isoTime, moreLine, pageOptions, type PageOptions } from '../option-values';
import type { Output } from '../output';
import { runText } from '../run/run-text';
import { waitingFields } from '../run/waiting';
import { watchRun } from '../run/watch-run';
import { grouped, listTable, shortTime } from '../tables';
import { refusedCommand } from './refused';

interface ListOptions extends PageOptions {
  export?: string;
  status?: Run['status'];
  trigger?: Run['trigger'];
  from?: string;
  to?: string;
}

interface RejectedOptions extends PageOptions {
  stage?: RejectedProfile['stage'];
  code?: string;
}

interface StartOptions {
  export: string;
  withoutLedger?: true;
  reason?: string;
  watch?: true;
}

export function runsCommand(ops: Ops): Command {
  const command = new Command('runs').description('what exports did and do');
  const [limit, cursor] = pageOptions();
  command
    .command('list')
    .description('list runs')
    .option('--export <id>', 'only those of this export')
    .addOption(new Option('--status <status>', 'only those with this status').choices(runStatuses))
    .addOption(new Option('--trigger <trigger>', 'only those started by this').choices(runTriggers))
    .option('--from <time>', 'only those created at this time or later', isoTime)
    .option('--to <time>', 'only those created before this time', isoTime)
    .addOption(limit)
    .addOption(cursor)
    .action(ops.action<ListOptions>(({ options, output }) => list(ops, options, output)));
  command
    .command('show <id>')
    .description('show one run: its counts, reasons and batches')
    .action(ops.action(({ args: [id = ''], output }) => show(ops, id, output)));
  const [rejectedLimit, rejectedCursor] = pageOptions('invalid rows in their order, then by batch');
  command
    .command('rejected <id>')
    .description('who of a run was not delivered, and why')
    .addOption(new Option('--stage <stage>', 'only these').choices(rejectedStages))
    .option('--code <code>', 'only those with this reason')
    .addOption(rejectedLimit)
    .addOption(rejectedCursor)
    .action(ops.action<RejectedOptions>(({ args: [id = ''], options, output }) => rejected(ops, id, options, output)));
  command
    .command('start')
    .description('run an export now, with the newest snapshots known')
    .requiredOption('--export <id>', 'the export')
    .option(
      '--without-ledger',
      'where the ledger is lost for good: send everybody and begin a new one (administrators; needs --reason)',
    )
    .option('--reason <text>', 'why; for the audit')
    .option('--watch', 'follow the run to its end')
    .action(ops.action<StartOptions>(({ options, output }) => start(ops, options, output)));
  command
    .command('watch <id>')
    .description('follow a run to its end; the exit code tells how it ended')
    .action(ops.action(({ args: [id = ''], output }) => watchRun(ops.exportOrchestrator(output), id, { ops, output })));
  command.addCommand(refusedCommand('cancel', 'runs cancel'));
  return command;
}

async function list(ops: Ops, { export: exportId, ...options }: ListOptions, output: Output): Promise<void> {
  const query = { exportId, ...options };
  const page = await ops.exportOrchestrator(output).call((http) => http.GET('/v1/runs', { params: { query } }));
  output.result(page, () => {
    const rows = page.items.map(({ id, exportId: of, status, trigger, createdAt, counts, reason }) => {
      return [
        id,
        of,
        status,
        trigger,
        shortTime(createdAt),
        grouped(counts.snapshotRows),
        grouped(counts.accepted),
        reason?.code,
      ];
    });
    const head = ['id', 'export', 'status', 'trigger', 'created', 'rows', 'accepted', 'reason'];
    return listTable(head, rows, 'There are no such runs.') + moreLine(page.nextCursor);
  });
}

async function show(ops: Ops, id: string, output: Output): Promise<void> {
  const api = ops.exportOrchestrator(output);
  const params = { path: { id } };
  const run = await api.call((http) => http.GET('/v1/runs/{id}', { params }));
  const { items: batchItems } = await api.call((http) => http.GET('/v1/runs/{id}/batches', { params }));
  const waiting = output.format === 'json' ? [] : await waitingFields(ops, run, output);
  output.result({ ...run, batchItems }, () => runText(run, batchItems, waiting));
}

async function rejected(ops: Ops, id: string, query: RejectedOptions, output: Output): Promise<void> {
  const params = { path: { id }, query };
  const page = await ops.exportOrchestrator(output).call((http) => http.GET('/v1/runs/{id}/rejected-profiles', { params }));
  output.result(page, () => {
    const rows = page.items.map(({ stage, email, code, detail, file, row, batch }) => {
      return [stage, email, code, file === null ? `batch ${batch}` : `${file}:${row}`, detail];
    });
    return listTable(['stage', 'email', 'code', 'where', 'detail'], rows, 'There is nobody.') + moreLine(page.nextCursor);
  });
}

async function start(ops: Ops, options: StartOptions, output: Output): Promise<ExitCode | void> {
  const { withoutLedger = false, reason } = options;
  if (withoutLedger && reason === undefined) {
    throw usageError('No run was started.', '--without-ledger forgets who was delivered.', 'Say why with --reason.');
  }
  const api = ops.exportOrchestrator(output);
  const params = { path: { id: options.export } };
  const body = { kind: 'full' as const, reason, ...(withoutLedger ? { withoutLedger } : {}) };
  const run = await api.call((http) => http.POST('/v1/exports/{id}/runs', { params, body }));
  if (options.watch) {
    output.note(`Run ${run.id}`);
    return watchRun(api, run.id, { ops, output });
  }
  output.result(run, () => `Run ${run.id} is ${run.status}. Follow it: ops runs watch ${run.id}`);
}
