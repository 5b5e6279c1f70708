import { type connectionChangedV1, topics } from '@courier/contracts';
import { type Incoming, IntakeContext, verdict, type Verdict } from '@courier/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { KeepConnection } from './keep-connection';

@Controller()
export class ConnectionsConsumer {
  constructor(private readonly keepConnection: KeepConnection) {}

  @EventPattern<string>(topics.connections.name)
  async handle(@Payload() message: Incoming<typeof connectionChangedV1>, @Ctx() context: IntakeContext): Promise<Verdict> {
    const applied = await this.keepConnection.execute(context.manager, message.data);
    return applied ? verdict.done() : verdict.skip('not_newer');
  }
}
