import { type batchRequestedV1, type runStoppedV1, topics } from '@courier/contracts';
import {
  type DeadLettered,
  deadLetterPattern,
  type Incoming,
  IntakeContext,
  type ReplayAborted,
  replayAbortedPattern,
  type ReplayEffect,
  replayPlanPattern,
  type ReplayQuestion,
  verdict,
  type Verdict,
} from '@courier/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ReplayedRuns } from '../replays';
import { ForeseeReplay } from './foresee-replay';
import { RefuseBatch } from './refuse-batch';
import { type DeliveryRequest, RequestDelivery } from './request-delivery';
import { StopRun } from './stop-run';

@Controller()
export class BatchesConsumer {
  constructor(
    private readonly requestDelivery: RequestDelivery,
    private readonly stopRun: StopRun,
    private readonly refuseBatch: RefuseBatch,
    private readonly foreseeReplay: ForeseeReplay,
    private readonly replayedRuns: ReplayedRuns,
  ) {}

  @EventPattern<string>(topics.batches.name)
  async handle(
    @Payload() message: Incoming<typeof batchRequestedV1 | typeof runStoppedV1>,
    @Ctx() context: IntakeContext,
  ): Promise<Verdict> {
    switch (message.type) {
      case 'klaviyo.batch-requested.v1':
        return verdictOn(await this.requestDelivery.execute(context.manager, message.data, message.epoch));
      case 'klaviyo.run-stopped.v1':
        await this.stopRun.execute(context.manager, message.data);
        return verdict.done();
    }
  }

  @EventPattern<string>(deadLetterPattern(topics.batches.name))
  async handleDeadLetter(@Payload() letter: DeadLettered, @Ctx() context: IntakeContext): Promise<void> {
    await this.refuseBatch.execute(context.manager, letter);
  }

  @EventPattern<string>(replayAbortedPattern(topics.batches.name))
  async abort(@Payload() { epoch }: ReplayAborted, @Ctx() { manager }: IntakeContext): Promise<void> {
    await this.replayedRuns.stop(manager, epoch, 'replay_aborted');
  }

  @EventPattern<string>(replayPlanPattern(topics.batches.name))
  foresee(@Payload() question: ReplayQuestion, @Ctx() { manager }: IntakeContext): Promise<ReplayEffect[]> {
    return this.foreseeReplay.execute(manager, question);
  }
}

function verdictOn(request: DeliveryRequest): Verdict {
  if (request === 'kept') return verdict.skip('ended_well');
  if (request === 'expired')
    return verdict.deadLetter('expired_batch', 'its staged object is past the time for which it is kept, or gone');
  return verdict.done();
}
