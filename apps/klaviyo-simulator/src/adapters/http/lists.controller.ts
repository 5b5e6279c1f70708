import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { matchesText, matchesTime, parseFilter, type FilterRules } from '../../domain/filter';
import type { List } from '../../domain/list';
import { invalidParameter, notFound } from '../../domain/refusal';
import { World } from '../../domain/world';
import { CurrentExchange, type Exchange, Simulates } from './exchange';
import { Gate } from './gate';
import { pageLinks, readChoices, readFields, readPage, readSort } from './pages';
import { flowFields, listFields, renderFlow, renderList, stamp } from './resources';

const filters: FilterRules = {
  name: { operators: ['any', 'equals'] },
  id: { operators: ['any', 'equals'] },
  created: { operators: ['greater-than'], time: true },
  updated: { operators: ['greater-than'], time: true },
};

@Controller('api/lists')
@UseGuards(Gate)
export class ListsController {
  constructor(private readonly world: World) {}

  @Get()
  @Simulates('get_lists')
  list(@CurrentExchange() exchange: Exchange): void {
    const page = readPage(exchange, { standard: 10, max: 10 });
    const sort = readSort(exchange, ['created', 'id', 'name', 'updated'], 'created');
    const conditions = parseFilter(exchange.query.get('filter'), filters, this.world.knobs.filterAnyMax);
    const fields = readFields(exchange, 'list', listFields);
    const found = [...exchange.owner.lists.values()].filter(
      (list) =>
        matchesText(conditions, 'name', list.name) &&
        matchesText(conditions, 'id', list.id) &&
        matchesTime(conditions, 'created', list.createdAt) &&
        matchesTime(conditions, 'updated', list.createdAt),
    );
    found.sort((a, b) => compare(sortKey(a, sort.key), sortKey(b, sort.key)) || compare(a.id, b.id));
    if (sort.descending) found.reverse();
    const start = page.after === null ? 0 : found.findIndex((list) => list.id === page.after) + 1;
    if (page.after !== null && start === 0) throw invalidParameter('Invalid cursor provided.', 'page[cursor]');
    const cut = found.slice(start, start + page.size);
    const next = start + page.size < found.length ? (cut.at(-1)?.id ?? null) : null;
    const data = cut.map((list) => renderList(exchange, list, { fields, counted: false, flows: false }));
    exchange.answer(200, { data, links: pageLinks(exchange, next) });
  }

  @Get(':id')
  @Simulates('get_list')
  one(@CurrentExchange() exchange: Exchange, @Param('id') id: string): void {
    const fields = readFields(exchange, 'list', listFields);
    const included = readChoices(exchange, 'include', ['flow-triggers', 'tags']);
    const counted = readChoices(exchange, 'additional-fields[list]', ['profile_count']) !== null;
    const ofFlows = readFields(exchange, 'flow', flowFields);
    const list = findList(exchange, id);
    const flows = included?.has('flow-triggers') ?? false;
    exchange.answer(200, {
      data: renderList(exchange, list, { fields, counted, flows }),
      ...(included ? { included: flows ? list.flows.map((flow) => renderFlow(exchange, flow, ofFlows)) : [] } : {}),
      links: { self: exchange.self },
    });
  }
}

export function findList(exchange: Exchange, id: string): List {
  const list = exchange.owner.lists.get(id);
  if (!list) throw notFound(`A list with id \`${id}\` does not exist.`);
  return list;
}

function sortKey(list: List, key: string): string {
  if (key === 'name') return list.name ?? '';
  return key === 'id' ? list.id : stamp(list.createdAt);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
