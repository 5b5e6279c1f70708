import { batchFinishedV1, runReplayedV1, runWaitingV1, topics } from '@courier/contracts';
import { type Incoming, IntakeContext, type Verdict, verdict } from '@courier/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { RecordOutcome, type RecordedOutcome } from '../../use-cases/record-outcome';
import { type RecordedResent, RecordResent } from '../../use-cases/record-resent';

@Controller()
export class OutcomesConsumer {
  constructor(
    private readonly recordOutcome: RecordOutcome,
    private readonly recordResent: RecordResent,
  ) {}

  @EventPattern<string>(topics.outcomes.name)
  async handle(
    @Payload() message: Incoming<typeof batchFinishedV1 | typeof runReplayedV1 | typeof runWaitingV1>,
    @Ctx() { manager }: IntakeContext,
  ): Promise<Verdict> {
    switch (message.type) {
      case 'klaviyo.run-waiting.v1': {
        const { epoch } = message.data;
        if (epoch !== undefined) return verdictOf(await this.recordResent.waiting(manager, message.data, epoch));
        await this.recordOutcome.recordWaiting(manager, message.data);
        return verdict.done();
      }
      case 'klaviyo.run-replayed.v1':
        return verdictOf(await this.recordResent.announced(manager, message.data));
      case 'klaviyo.batch-finished.v1': {
        const { epoch } = message.data;
        if (epoch !== undefined) return verdictOf(await this.recordResent.outcome(manager, message.data, epoch));
        const recorded = await this.recordOutcome.execute(manager, message.data);
        return verdictOf(recorded === 'late' ? await this.recordResent.late(manager, message.data) : recorded);
      }
    }
  }
}

function verdictOf(recorded: Exclude<RecordedOutcome, 'late'> | RecordedResent): Verdict {
  if (recorded === 'known') return verdict.skip('outcome_known');
  return recorded === 'run_unknown' ? verdict.skip('run_unknown') : verdict.done();
}
