import { Controller, Delete, Get, HttpCode, Post, Put, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { JobRules } from '../../../domain/faults';
import type { Knobs } from '../../../domain/knobs';
import { World } from '../../../domain/world';
import { readControl } from './control-body';
import { unknownAccount } from './control-error';
import { consumeSchema, faultsSchema, jobRulesSchema, knobsSchema, limitsSchema } from './control-schemas';

/** How the simulator behaves: limits, faults, what becomes of jobs, and the knobs for what is not known of Klaviyo. */
@Controller('_control')
export class RulesController {
  constructor(private readonly world: World) {}

  @Get('limits')
  limits(): object {
    const { enabled } = this.world.windows;
    return { enabled, operations: this.world.windows.overridden() };
  }

  @Put('limits')
  async setLimits(@Req() request: Request): Promise<object> {
    const wanted = await readControl(request, limitsSchema);
    if (wanted.enabled !== undefined) this.world.windows.enabled = wanted.enabled;
    if (wanted.operations) {
      const entries = Object.entries(wanted.operations).flatMap(([name, tier]) => (tier ? [[name, tier] as const] : []));
      this.world.windows.override(Object.fromEntries(entries));
    }
    this.world.windows.clear();
    return this.limits();
  }

  /** Traffic of somebody else on the quota that all keys of an account share. */
  @Post('limits/consume')
  @HttpCode(204)
  async consume(@Req() request: Request): Promise<void> {
    const { account, operation, count } = await readControl(request, consumeSchema);
    if (!this.world.accounts.has(account)) throw unknownAccount(account);
    this.world.windows.consume(account, operation, count, Date.now());
  }

  @Get('faults')
  faults(): object {
    return { items: this.world.faults.list() };
  }

  @Post('faults')
  async addFaults(@Req() request: Request): Promise<object> {
    return { items: this.world.faults.add(await readControl(request, faultsSchema)) };
  }

  @Delete('faults')
  @HttpCode(204)
  clearFaults(): void {
    this.world.faults.clear();
  }

  @Get('job-rules')
  jobRules(): object {
    return renderedRules(this.world.jobRules);
  }

  @Put('job-rules')
  async setJobRules(@Req() request: Request): Promise<object> {
    const wanted = given(await readControl(request, jobRulesSchema));
    this.world.jobRules = { ...this.world.jobRules, ...wanted };
    return this.jobRules();
  }

  @Get('knobs')
  knobs(): Knobs {
    return this.world.knobs;
  }

  @Put('knobs')
  async setKnobs(@Req() request: Request): Promise<Knobs> {
    this.world.knobs = { ...this.world.knobs, ...given(await readControl(request, knobsSchema)) };
    return this.world.knobs;
  }
}

export function renderedRules(rules: JobRules): object {
  return { ...rules, failEmails: [...rules.failEmails] };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(partial: T): Given<T> {
  return Object.fromEntries(Object.entries(partial).filter(([, value]) => value !== undefined)) as Given<T>;
}
