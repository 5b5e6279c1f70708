import { topics, type exportChangedV1 } from '@courier/contracts';
import { IntakeContext, verdict, type Incoming, type Verdict } from '@courier/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ExportsRepository } from './exports.repository';

@Controller()
export class ExportsConsumer {
  constructor(private readonly exports: ExportsRepository) {}

  @EventPattern<string>(topics.exports.name)
  async handle(@Payload() { data }: Incoming<typeof exportChangedV1>, @Ctx() { manager }: IntakeContext): Promise<Verdict> {
    const { exportId, version, name, connectionId, state } = data;
    const applied = await this.exports.apply(manager, {
      id: exportId,
      version,
      name,
      connectionId,
      removed: state === 'removed',
    });
    return applied ? verdict.done() : verdict.skip('older_version');
  }
}
