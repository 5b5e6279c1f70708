// State topics: a service registers `relay.onLeadership((manager) => …)` (OutboxRelay) to append every current state again.
import type { MigrationClass } from '@courier/persistence';
import { Messaging1700000000002 } from './migrations/0001-messaging';
import { Replay1700000000012 } from './migrations/0002-replay';
import { DeadLetters1700000000011 } from './migrations/0003-dead-letters';
import { InboxAge1700000000013 } from './migrations/0004-inbox-age';
import { ReplayCommands1700000000014 } from './migrations/0005-replay-commands';
import { ReplayWishes1700000000015 } from './migrations/0006-replay-wishes';
import { AuditEvents1700000000016 } from './migrations/0007-audit-events';
import { ParkedKeys1700000000017 } from './migrations/0008-parked-keys';

export { type Actor } from '@courier/http';
export { AuditEventStore } from './audit/audit-event-store';
export { type AuditEntry, changedFields, type FieldChange } from './audit/audit-record';
export { AuditTrail, OutboxAuditTrail } from './audit/audit-trail';
export { type DeadLettered, deadLetterPattern, IntakeContext, type Incoming, type IntakeTopic } from './intake/incoming';
export { type GateCommand, gateCommands } from './intake/gate';
export { IntakeAdministration, type IntakeStatus, type ReplayPlan } from './intake/intake-administration';
export { type ReplayAborted, replayAbortedPattern } from './intake/replay-aborted';
export { type ReplayEffect, replayPlanPattern, type ReplayQuestion, type ReplayVerdict } from './intake/replay-effect';
export { IntakeReadiness } from './intake/readiness';
export { type Replay, Replays } from './intake/replays';
export { verdict, type DeadLetterReason, type Verdict } from './intake/verdict';
export { messagingControllers, connectIntake, MessagingModule } from './messaging.module';
export type { MessagingOptions } from './messaging-options';
export { Outbox, type OutgoingOptions } from './outbox/outbox';
export { OutboxRelay } from './outbox/relay';
export { KafkaReadiness } from './outbox/readiness';

/** The tables that this lib brings into a service's database. */
export const messagingMigrations: MigrationClass[] = [
  Messaging1700000000002,
  Replay1700000000012,
  DeadLetters1700000000011,
  InboxAge1700000000013,
  ReplayCommands1700000000014,
  ReplayWishes1700000000015,
  AuditEvents1700000000016,
  ParkedKeys1700000000017,
];
