import { consumingServices, type ConsumingService } from './ops';
import { usageError } from './ops-error';
import { moreLine } from './option-values';

export interface ServicePages<Item> {
  items: (Item & { service: ConsumingService })[];
  nextCursor: string | null;
  /** The services that have more than is listed. */
  moreOf: ConsumingService[];
  /** What stands under a list that is not complete. */
  more: string;
}

/** What a service gives unless told. */
const LIMIT = 50;

/** A page of one service, or the newest of all; a cursor belongs to one service. */
export async function pagesOf<Item extends { at: string }>(
  { service, cursor, limit = LIMIT }: { service?: ConsumingService; cursor?: string; limit?: number },
  ask: (service: ConsumingService) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<ServicePages<Item>> {
  if (cursor !== undefined && service === undefined) {
    throw usageError('A list cannot go on.', 'A cursor belongs to one service.', 'Name it with --service.');
  }
  if (service !== undefined) {
    const { items, nextCursor } = await ask(service);
    const moreOf = nextCursor === null ? [] : [service];
    return { items: items.map((item) => ({ ...item, service })), nextCursor, moreOf, more: moreLine(nextCursor) };
  }
  const items: ServicePages<Item>['items'] = [];
  const cursors = new Map<ConsumingService, string | null>();
  for (const asked of consumingServices) {
    const page = await ask(asked);
    items.push(...page.items.map((item) => ({ ...item, service: asked })));
    cursors.set(asked, page.nextCursor);
  }
  items.sort((one, other) => other.at.localeCompare(one.at));
  // A cursor goes on behind the whole page of its service, so it would leave out what is not listed of it.
  const unlisted = new Set(items.splice(limit).map((item) => item.service));
  const moreOf = consumingServices.filter((asked) => unlisted.has(asked) || cursors.get(asked) !== null);
  const lines = moreOf.map((asked) => {
    const from = unlisted.has(asked) ? '' : ` --cursor ${cursors.get(asked)}`;
    return `\nThere are more of ${asked}: --service ${asked}${from}`;
  });
  return { items, nextCursor: null, moreOf, more: lines.join('') };
}
