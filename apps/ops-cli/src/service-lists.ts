import { consumingServices, type ConsumingService } from './ops';
import { usageError } from './ops-error';
import { moreLine } from './option-values';

export interface ServicePages<Item> {
  items: (Item & { service: ConsumingService })[];
  nextCursor: string | null;
  /** What stands under a list that is not complete. */
  more: string;
}

/** A page of one service, or the first of each; a cursor belongs to one service. */
export async function pagesOf<Item>(
  { service, cursor }: { service?: ConsumingService; cursor?: string },
  ask: (service: ConsumingService) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<ServicePages<Item>> {
  if (cursor !== undefined && service === undefined) {
    throw usageError('A list cannot go on.', 'A cursor belongs to one service.', 'Name it with --service.');
  }
  const pages: ServicePages<Item> = { items: [], nextCursor: null, more: '' };
  for (const asked of service === undefined ? consumingServices : [service]) {
    const page = await ask(asked);
    pages.items.push(...page.items.map((item) => ({ ...item, service: asked })));
    if (page.nextCursor === null) continue;
    if (service === undefined) pages.more += `\nThere are more of ${asked}: --service ${asked} --cursor ${page.nextCursor}`;
    else Object.assign(pages, { nextCursor: page.nextCursor, more: moreLine(page.nextCursor) });
  }
  return pages;
}
