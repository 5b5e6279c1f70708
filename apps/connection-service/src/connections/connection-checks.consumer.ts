import { topics, type connectionCheckedV1 } from '@courier/contracts';
import { IntakeContext, verdict, type Incoming, type Verdict } from '@courier/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ConnectionChecksService } from './connection-checks.service';

@Controller()
export class ConnectionChecksConsumer {
  constructor(private readonly checks: ConnectionChecksService) {}

  @EventPattern<string>(topics.connectionChecks.name)
  async handle(@Payload() message: Incoming<typeof connectionCheckedV1>, @Ctx() context: IntakeContext): Promise<Verdict> {
    const { connectionId, ...check } = message.data;
    const recorded = await this.checks.record(context.manager, connectionId, check);
    switch (recorded.kind) {
      case 'recorded':
        return verdict.done();
      case 'stale':
        return verdict.skip(recorded.reason);
      case 'unknown_connection':
        return verdict.skip(recorded.kind);
    }
  }
}
