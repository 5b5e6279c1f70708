import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import type { Account } from '../../domain/account';
import { matchesText, matchesTime, parseFilter, type Condition, type FilterRules } from '../../domain/filter';
import { World } from '../../domain/world';
import { CurrentExchange, type Exchange, Simulates } from './exchange';
import { Gate } from './gate';
import { findList } from './lists.controller';
import { cursorNumber, pageLinks, readChoices, readFields, readPage, readSort } from './pages';
import { profileFields, renderProfile } from './resources';

const memberFilters: FilterRules = {
  email: { operators: ['any', 'equals'] },
  phone_number: { operators: ['any', 'equals'] },
  joined_group_at: { operators: ['greater-than', 'greater-or-equal', 'less-than', 'less-or-equal'], time: true },
};

const profileFilters: FilterRules = {
  id: { operators: ['any', 'equals'] },
  email: { operators: ['any', 'equals'] },
  phone_number: { operators: ['any', 'equals'] },
  external_id: { operators: ['any', 'equals'] },
  created: { operators: ['greater-than', 'less-than'], time: true },
  updated: { operators: ['greater-than', 'less-than'], time: true },
};

interface Walk {
  /** Positions in reading order: found by look-up, or all of a range. */
  positions: readonly number[] | { length: number };
  descending: boolean;
  after: number | null;
  size: number;
  accepts: (position: number) => boolean;
}

@Controller('api')
@UseGuards(Gate)
export class ProfilesController {
  constructor(private readonly world: World) {}

  @Get('lists/:id/profiles')
  @Simulates('get_profiles_for_list')
  members(@CurrentExchange() exchange: Exchange, @Param('id') id: string): void {
    const { page, sort, conditions, fields, subscriptions } = this.read(exchange, memberFilters, ['joined_group_at']);
    const account = exchange.owner;
    const list = findList(exchange, id);
    const found = lookUp(account, conditions);
    const positions = found?.flatMap((profile) => list.positionOf(profile) ?? []).sort((a, b) => a - b) ?? { length: list.count };
    const accepts = (position: number) => {
      const profile = list.members[position];
      const joinedAt = list.joinedAt[position];
      if (profile === undefined || joinedAt === undefined || !matchesIdentity(account, profile, conditions)) return false;
      return matchesTime(conditions, 'joined_group_at', joinedAt);
    };
    const cut = walk({ positions, descending: sort.descending, after: cursorNumber(page), size: page.size, accepts });
    const data = cut.found.map((position) => {
      const joinedAt = list.joinedAt[position] ?? 0;
      return renderProfile(exchange, account, list.members[position] ?? 0, { fields, subscriptions, joinedAt });
    });
    exchange.answer(200, { data, links: pageLinks(exchange, cut.next) });
  }

  @Get('profiles')
  @Simulates('get_profiles')
  profiles(@CurrentExchange() exchange: Exchange): void {
    const { page, sort, conditions, fields, subscriptions } = this.read(exchange, profileFilters, ['id', 'created']);
    const account = exchange.owner;
    const positions = lookUp(account, conditions)?.sort((a, b) => a - b) ?? { length: account.profiles.count };
    const accepts = (position: number) => {
      const { createdAt, updatedAt } = account.profiles.at(position);
      if (!matchesIdentity(account, position, conditions)) return false;
      return matchesTime(conditions, 'created', createdAt) && matchesTime(conditions, 'updated', updatedAt);
    };
    const cut = walk({ positions, descending: sort.descending, after: cursorNumber(page), size: page.size, accepts });
    const data = cut.found.map((position) => renderProfile(exchange, account, position, { fields, subscriptions }));
    exchange.answer(200, { data, links: pageLinks(exchange, cut.next) });
  }

  private read(exchange: Exchange, rules: FilterRules, sorts: readonly [string, ...string[]]) {
    return {
      page: readPage(exchange, { standard: 20, max: 100 }),
      sort: readSort(exchange, sorts, sorts[0]),
      conditions: parseFilter(exchange.query.get('filter'), rules, this.world.knobs.filterAnyMax).map(lowerEmails),
      fields: readFields(exchange, 'profile', profileFields),
      subscriptions: readChoices(exchange, 'additional-fields[profile]', ['subscriptions']) !== null,
    };
  }
}

function lowerEmails(condition: Condition): Condition {
  if (condition.field !== 'email') return condition;
  return { ...condition, values: condition.values.map((value) => value.toLowerCase()) };
}

/** The profiles of the first condition that an index answers; null when everything must be walked. */
function lookUp({ profiles }: Account, conditions: readonly Condition[]): number[] | null {
  const finders: Record<string, (value: string) => number | null> = {
    id: (value) => profiles.findId(value),
    email: (value) => profiles.findEmail(value),
    phone_number: (value) => profiles.findPhone(value),
  };
  for (const condition of conditions) {
    const find = finders[condition.field];
    if (find) return [...new Set(condition.values.flatMap((value) => find(value) ?? []))];
  }
  return null;
}

function matchesIdentity({ profiles }: Account, index: number, conditions: readonly Condition[]): boolean {
  if (conditions.length === 0) return true;
  const profile = profiles.at(index);
  return (
    matchesText(conditions, 'id', profiles.idOf(index)) &&
    matchesText(conditions, 'email', profile.email) &&
    matchesText(conditions, 'phone_number', profile.phone) &&
    matchesText(conditions, 'external_id', profile.externalId)
  );
}

/** One page of positions, and the cursor of the next one; positions are stable, so a page never repeats or skips anybody. */
function walk({ positions, descending, after, size, accepts }: Walk): { found: number[]; next: string | null } {
  const found: number[] = [];
  const explicit = Array.isArray(positions) ? (positions as readonly number[]) : null;
  const start = after === null ? 0 : firstAfter(explicit, positions.length, descending, after);
  for (let step = start; step < positions.length; step += 1) {
    const place = descending ? positions.length - 1 - step : step;
    const position = explicit ? (explicit[place] ?? 0) : place;
    if (!accepts(position)) continue;
    if (found.length === size) return { found, next: String(found.at(-1)) };
    found.push(position);
  }
  return { found, next: null };
}

function firstAfter(explicit: readonly number[] | null, length: number, descending: boolean, after: number): number {
  if (!explicit) return descending ? length - after : after + 1;
  const ordered = descending ? [...explicit].reverse() : explicit;
  const step = ordered.findIndex((position) => (descending ? position < after : position > after));
  return step === -1 ? length : step;
}
