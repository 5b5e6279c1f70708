import { Injectable } from '@nestjs/common';
import { KafkaIntake } from './kafka-intake';

@Injectable()
export class IntakeReadiness {
  readonly name = 'intake';

  constructor(private readonly intake: KafkaIntake) {}

  /** Null when it is decided about every assigned partition, else what is not yet. */
  check(): Promise<string | null> {
    return Promise.resolve(told(this.intake.problems()));
  }

  /** Partitions that wait for an operator, or do not get past a record. */
  waits(): string | null {
    return told(this.intake.waits());
  }
}

function told(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join('; ');
}
