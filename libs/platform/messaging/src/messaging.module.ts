import { Catch, type DynamicModule, type ExceptionFilter, Global, type INestApplication, Module } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { AuditEventStore } from './audit/audit-event-store';
import { AuditEventsController } from './audit/audit-events.controller';
import { AuditTrail, OutboxAuditTrail } from './audit/audit-trail';
import { DeadLetterStore } from './dead-letters/dead-letter-store';
import { DeadLettersController } from './dead-letters/dead-letters.controller';
import { ResolveDeadLetter } from './dead-letters/resolve-dead-letter';
import { SourceRecords } from './dead-letters/source-records';
import { IntakeController } from './intake/intake.controller';
import { IntakeAdministration } from './intake/intake-administration';
import { ForeseeReplay } from './intake/foresee-replay';
import { RangeRecords } from './intake/range-records';
import { IntakeReadiness } from './intake/readiness';
import { KafkaIntake } from './intake/kafka-intake';
import { Replays } from './intake/replays';
import { MessagingGauges } from './messaging-gauges';
import { InboxSweeper } from './maintenance/inbox-sweeper';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options';
import { Outbox } from './outbox/outbox';
import { KafkaReadiness } from './outbox/readiness';
import { OutboxRelay } from './outbox/relay';

/** What every service that reads topics serves besides its own routes. */
export const messagingControllers = [AuditEventsController, DeadLettersController, IntakeController];

@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      controllers: messagingControllers,
      providers: [
        { provide: MESSAGING_OPTIONS, useValue: options },
        KafkaIntake,
        Outbox,
        AuditEventStore,
        { provide: AuditTrail, useClass: OutboxAuditTrail },
        OutboxRelay,
        IntakeAdministration,
        ForeseeReplay,
        RangeRecords,
        IntakeReadiness,
        Replays,
        KafkaReadiness,
        DeadLetterStore,
        ResolveDeadLetter,
        SourceRecords,
        MessagingGauges,
        InboxSweeper,
      ],
      exports: [AuditTrail, Outbox, OutboxRelay, KafkaIntake, IntakeAdministration, IntakeReadiness, KafkaReadiness, Replays],
    };
  }
}

/** Nest would turn an error into an answer and lose what it was; the intake decides about it instead. */
@Catch()
class HandOverErrors implements ExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}

/** Before `app.startAllMicroservices()`. */
export function connectIntake(app: INestApplication): void {
  // Filters of a microservice count only when they are there before its handlers are bound.
  const options = { deferInitialization: true };
  app.connectMicroservice({ strategy: app.get(KafkaIntake) }, options).useGlobalFilters(new HandOverErrors());
}
