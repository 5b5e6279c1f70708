import { segmentRefreshedV1, topics } from '@courier/contracts';
import {
  type Incoming,
  IntakeContext,
  type ReplayAborted,
  replayAbortedPattern,
  type ReplayEffect,
  replayPlanPattern,
  type ReplayQuestion,
  type Verdict,
  verdict,
} from '@courier/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CancelReplay } from '../../use-cases/cancel-replay';
import { ForeseeReplay } from '../../use-cases/foresee-replay';
import { ReplayRefresh } from '../../use-cases/replay-refresh';
import { StartRunsOfRefresh } from '../../use-cases/start-runs-of-refresh';

@Controller()
export class RefreshesConsumer {
  constructor(
    private readonly startRuns: StartRunsOfRefresh,
    private readonly replay: ReplayRefresh,
    private readonly foreseeReplay: ForeseeReplay,
    private readonly cancelReplay: CancelReplay,
  ) {}

  @EventPattern<string>(topics.segmentRefreshes.name)
  async handle(@Payload() message: Incoming<typeof segmentRefreshedV1>, @Ctx() context: IntakeContext): Promise<Verdict> {
    const { id: eventId, source, epoch, data } = message;
    const useCase = epoch === 0 ? this.startRuns : this.replay;
    const refresh = await useCase.execute(context.manager, { eventId, source, epoch, data });
    if (refresh === null) return verdict.skip('heard_before');
    return refresh.verdict === 'ignored' ? verdict.skip(refresh.reason ?? 'ignored') : verdict.done();
  }

  @EventPattern<string>(replayAbortedPattern(topics.segmentRefreshes.name))
  async abort(@Payload() aborted: ReplayAborted, @Ctx() { manager }: IntakeContext): Promise<void> {
    await this.cancelReplay.execute(manager, aborted);
  }

  @EventPattern<string>(replayPlanPattern(topics.segmentRefreshes.name))
  foresee(@Payload() question: ReplayQuestion, @Ctx() { manager }: IntakeContext): Promise<ReplayEffect[]> {
    return this.foreseeReplay.execute(manager, question);
  }
}
