import { Command, Option } from 'commander';
import { consumingServices, type ConsumingService, type Ops } from '../ops';
import { isoTime, pageOptions, type PageOptions } from '../option-values';
import type { Output } from '../output';
import { pagesOf } from '../service-lists';
import { listTable, shortTime } from '../tables';

interface ListOptions extends PageOptions {
  service?: ConsumingService;
  concerns?: string;
  action?: string;
  actor?: string;
  from?: string;
  to?: string;
}

interface Change {
  field: string;
  from?: string | number;
  to?: string | number;
}

export function auditCommand(ops: Ops): Command {
  const command = new Command('audit').description('who changed what, and why');
  const [limit, cursor] = pageOptions();
  command
    .command('list')
    .description('list what people changed')
    .addOption(new Option('--service <service>', 'only in this one; all are asked otherwise').choices(consumingServices))
    .option('--concerns <id>', 'only about this connection, export, run, dead letter or partition')
    .option('--action <action>', 'only this, such as export.changed')
    .option('--actor <sub>', 'only by this person')
    .addOption(new Option('--from <time>', 'only at or after this time').argParser(isoTime))
    .addOption(new Option('--to <time>', 'only before this time').argParser(isoTime))
    .addOption(limit)
    .addOption(cursor)
    .action(ops.action<ListOptions>(({ options, output }) => list(ops, options, output)));
  return command;
}

async function list(ops: Ops, { service, ...query }: ListOptions, output: Output): Promise<void> {
  const { items, nextCursor, moreOf, more } = await pagesOf({ ...(service ? { service } : {}), ...query }, (asked) =>
    ops.serviceApi(asked, output).call((http) => http.GET('/v1/audit-events', { params: { query } })),
  );
  output.result({ items, nextCursor, moreOf }, () => {
    const rows = items.map(({ at, actor, action, aggregate, changes, reason }) => {
      return [shortTime(at), actor.sub, action, aggregate.id, changes.map(changeText).join(', '), reason];
    });
    return listTable(['at', 'who', 'action', 'what', 'changed', 'reason'], rows, 'Nobody changed such a thing.') + more;
  });
}

function changeText({ field, from, to }: Change): string {
  if (to === undefined) return field;
  return from === undefined ? `${field}: ${to}` : `${field}: ${from} > ${to}`;
}
