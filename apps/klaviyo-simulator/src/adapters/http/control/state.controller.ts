import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Delete, Get, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Account } from '../../../domain/account';
import type { List } from '../../../domain/list';
import type { ProfileStore } from '../../../domain/profile-store';
import { World } from '../../../domain/world';
import { renderedRules } from './rules.controller';
import { readControl } from './control-body';
import { ControlError, unknownAccount } from './control-error';
import { stateSchema } from './control-schemas';

const MEMBERS_PER_CHUNK = 5000;

/** What the simulated accounts hold, and who asked for what. */
@Controller('_control')
export class StateController {
  constructor(private readonly world: World) {}

  @Get('state')
  state(): object {
    const { knobs, jobRules, windows, faults } = this.world;
    return {
      accounts: [...this.world.accounts.values()].map(describeAccount),
      knobs,
      jobRules: renderedRules(jobRules),
      limits: { enabled: windows.enabled, operations: windows.overridden() },
      faults: faults.list(),
    };
  }

  @Put('state')
  async change(@Req() request: Request): Promise<object> {
    const wanted = await readControl(request, stateSchema);
    if (wanted.reset) this.world.reset();
    this.world.add(wanted.accounts ?? []);
    return this.state();
  }

  @Get('accounts/:account/lists/:list')
  list(@Param('account') accountId: string, @Param('list') listId: string): object {
    return describeList(this.findList(accountId, listId));
  }

  /** Every member's e-mail address, one a line, in the order of joining. */
  @Get('accounts/:account/lists/:list/members')
  async members(@Param('account') accountId: string, @Param('list') listId: string, @Res() response: Response): Promise<void> {
    const list = this.findList(accountId, listId);
    const { profiles } = this.findAccount(accountId);
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('X-Member-Count', String(list.count));
    await pipeline(Readable.from(addressChunks(list, profiles)), response).catch((error: NodeJS.ErrnoException) => {
      // The caller left before the end; nobody is there to be told.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
  }

  @Get('accounts/:account/profiles/:email')
  profile(@Param('account') accountId: string, @Param('email') email: string): object {
    const { profiles, lists } = this.findAccount(accountId);
    const index = profiles.findEmail(email);
    if (index === null) throw new ControlError(404, 'unknown_profile', 'No profile has this e-mail address.');
    const { fields, ...profile } = profiles.at(index);
    const memberships = [...lists.values()].flatMap((list) => {
      const position = list.positionOf(index);
      return position === null ? [] : [{ list: list.id, joinedAt: new Date(list.joinedAt[position] ?? 0).toISOString() }];
    });
    const attributes = JSON.parse(fields) as object;
    return { id: profiles.idOf(index), ...profile, consent: profiles.consentOf(index), attributes, memberships };
  }

  @Get('accounts/:account/jobs')
  jobs(@Param('account') accountId: string): object {
    const jobs = [...this.findAccount(accountId).jobs.values()].map((job) => ({
      id: job.id,
      status: job.status,
      listIds: job.listIds,
      totalCount: job.totalCount,
      processedCount: job.processed,
      failedCount: job.failedCount,
      duplicates: job.duplicates,
      bodySha256: job.bodySha256,
      createdAt: new Date(job.createdAt).toISOString(),
    }));
    return { items: jobs };
  }

  @Get('requests')
  requests(@Query('after') after = '0', @Query('limit') limit = '1000', @Query('operation') operation?: string): object {
    const first = Number(after);
    const count = Number(limit);
    if (!Number.isInteger(first) || !Number.isInteger(count) || first < 0 || count < 0 || count > 20_000) {
      throw new ControlError(400, 'invalid_control_input', '`after` and `limit` are whole numbers, `limit` at most 20000.');
    }
    const { requests } = this.world;
    return { counts: requests.totals(), hanging: [...requests.hanging], items: requests.page(first, count, operation ?? null) };
  }

  @Delete('requests')
  @HttpCode(204)
  forgetRequests(): void {
    this.world.requests.clear();
  }

  private findAccount(id: string): Account {
    const account = this.world.accounts.get(id);
    if (!account) throw unknownAccount(id);
    return account;
  }

  private findList(accountId: string, listId: string): List {
    const list = this.findAccount(accountId).lists.get(listId);
    if (!list) throw new ControlError(404, 'unknown_list', `The account ${accountId} has no list ${listId}.`);
    return list;
  }
}

function* addressChunks(list: List, profiles: ProfileStore): Generator<string> {
  for (let start = 0; start < list.count; start += MEMBERS_PER_CHUNK) {
    const chunk = list.members.slice(start, start + MEMBERS_PER_CHUNK);
    yield chunk.map((index) => `${profiles.at(index).email ?? ''}\n`).join('');
  }
}

function describeAccount(account: Account): object {
  return {
    ...account.traits,
    // Enough of a key to tell two apart, not enough to use it.
    keys: [...account.keys].map(([key, scopes]) => ({ last4: key.slice(-4), scopes: [...scopes] })),
    lists: [...account.lists.values()].map(describeList),
    profiles: account.profiles.count,
    jobs: account.jobs.size,
  };
}

function describeList(list: List): object {
  return { id: list.id, name: list.name, optInProcess: list.optInProcess, members: list.count };
}
