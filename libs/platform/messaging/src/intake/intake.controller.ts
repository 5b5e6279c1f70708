import { Operation, problem, Roles, Write, type WriteRequest, ZodBody, ZodQuery } from '@courier/http';
import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { ForeseeReplay } from './foresee-replay';
import { IntakeAdministration, type IntakeStatus, type ReplayPlan } from './intake-administration';
import {
  answerSchema,
  commandSchema,
  intakeStatusSchema,
  replayPlanSchema,
  replayRangeSchema,
  startedReplaySchema,
  startReplaySchema,
} from './intake-schemas';

const EFFECTS_MAX = 500;

/** Positions, replays and pauses of this service's topics, for administrators; any instance answers for all. */
@Controller('v1/intake')
@Roles('administrator')
export class IntakeController {
  constructor(
    private readonly administration: IntakeAdministration,
    private readonly foreseeReplay: ForeseeReplay,
  ) {}

  @Get()
  @Operation('Where the reading of each topic stands, what was replayed, and what waits for a decision', {
    200: intakeStatusSchema,
  })
  status(@ZodQuery(z.strictObject({})) _nothing: object): Promise<IntakeStatus> {
    return this.administration.status();
  }

  @Post('commands')
  @HttpCode(200)
  @Operation('Decide about a partition: its owner decides again with this', { 200: answerSchema })
  async command(
    @ZodBody(commandSchema) { topic, partition, command: kind, reason }: z.infer<typeof commandSchema>,
    @Write() { user, once }: WriteRequest,
  ): Promise<z.infer<typeof answerSchema>> {
    if (!(await this.administration.knows({ topic, partition }))) {
      throw problem(404, 'partition_not_found', 'This service reads no such partition.', 'Choose one of GET /v1/intake.');
    }
    const { answer } = await this.administration.command({ topic, partition }, { kind, by: user, reason }, once);
    if (answer === 'nothing_to_do') {
      throw problem(409, 'nothing_to_decide', 'The partition is in no state to which this applies.', 'Look at GET /v1/intake.');
    }
    return { answer: answer ?? 'asked' };
  }

  @Post('replays/plan')
  @HttpCode(200)
  @Operation('What a reset to a time would read once more, and what would come of it', { 200: replayPlanSchema })
  async plan(
    @ZodBody(replayRangeSchema) { topic, since, ...how }: z.infer<typeof replayRangeSchema>,
  ): Promise<z.infer<typeof replayPlanSchema>> {
    const plan = await this.planned(topic, since);
    const effects = await this.foreseeReplay.execute(topic, plan.partitions, how);
    return { ...plan, effects: effects.slice(0, EFFECTS_MAX), effectsOmitted: Math.max(0, effects.length - EFFECTS_MAX) };
  }

  @Post('replays')
  @HttpCode(202)
  @Operation('Read a topic once more from a time on', { 202: startedReplaySchema })
  async start(
    @ZodBody(startReplaySchema) { topic, since, approved, ...why }: z.infer<typeof startReplaySchema>,
    @Write() { user, once }: WriteRequest,
  ): Promise<ReplayPlan> {
    if (once.earlier !== null) return this.administration.startedReplay(once.earlier) ?? (await this.planned(topic, since));
    const plan = await this.planned(topic, since);
    if (plan.needsApproval && !approved) {
      const detail = `The range holds ${plan.records} records, more than REPLAY_MAX_RECORDS (${plan.recordsMax}).`;
      throw problem(409, 'approval_required', detail, 'Choose a shorter range, or approve this one.');
    }
    await this.administration.startReplay(plan, { ...why, by: user }, once);
    return plan;
  }

  private async planned(topic: string, since: string | undefined): Promise<ReplayPlan> {
    const plan = await this.administration.planReplay(topic, since === undefined ? null : new Date(since));
    if (plan !== null) return plan;
    throw problem(404, 'no_replays', 'This service replays no topic of this name.', 'Name a work topic that this service reads.');
  }
}
