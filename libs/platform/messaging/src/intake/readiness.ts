import { Injectable } from '@nestjs/common';
import { KafkaIntake } from './kafka-intake';

@Injectable()
export class IntakeReadiness {
  readonly name = 'intake';

  constructor(private readonly intake: KafkaIntake) {}

  /** Null when every assigned partition is read, else what waits. */
  check(): Promise<string | null> {
    const problems = this.intake.problems();
    return Promise.resolve(problems.length === 0 ? null : problems.join('; '));
  }
}
