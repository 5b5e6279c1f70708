import type { Actor } from '@courier/http';
import type { KafkaMessage } from '@courier/kafka';
import { AppError } from '@courier/kernel';
import type { Once } from '@courier/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail';
import { canHeal } from '../intake/healing';
import { KafkaIntake } from '../intake/kafka-intake';
import type { Verdict } from '../intake/verdict';
import { fingerprint } from './dead-letter';
import { type DeadLetterState, DeadLetterStore, type StoredDeadLetter } from './dead-letter-store';
import { SourceRecords } from './source-records';

export interface Decision {
  by: Actor;
  reason: string;
  once: Pick<Once, 'record'>;
}

export type RetryResult =
  /** `known`: the event was used meanwhile, by another record; `dead_lettered`: it still cannot be used. */
  'done' | 'skipped' | 'known' | 'dead_lettered';

export type Resolved =
  | { kind: 'not_found' }
  | { kind: 'resolved_before'; state: 'retried' | 'discarded' }
  /** The record is past its topic's retention, or another one lies in its place. */
  | { kind: 'record_gone' | 'record_changed' }
  | { kind: 'retried'; result: RetryResult; letter: StoredDeadLetter }
  | { kind: 'discarded'; letter: StoredDeadLetter };

/** What an operator does about a dead letter: its record goes through the same intake again, or it is given up. */
@Injectable()
export class ResolveDeadLetter {
  private readonly logger = new Logger(ResolveDeadLetter.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly letters: DeadLetterStore,
    private readonly records: SourceRecords,
    private readonly intake: KafkaIntake,
    private readonly audit: AuditTrail,
  ) {}

  async retry(id: string, decision: Decision): Promise<Resolved> {
    const letter = await this.letters.find(id);
    if (letter === null) return { kind: 'not_found' };
    if (letter.state !== 'open') return { kind: 'resolved_before', state: letter.state };
    const message = await this.records.read(letter);
    if (message === null) return { kind: 'record_gone' };
    if (fingerprint(message).sha256 !== letter.sha256) return { kind: 'record_changed' };
    return this.retake(letter, message, decision).catch((error: unknown) => {
      if (error instanceof AppError || !canHeal(error)) throw error;
      throw new AppError('retry_not_now', 'The record cannot be taken in right now', { retryable: true, cause: error });
    });
  }

  async discard(id: string, decision: Decision): Promise<Resolved> {
    return this.dataSource.transaction(async (manager) => {
      const letter = await this.letters.findForUpdate(manager, id);
      if (letter === null) return { kind: 'not_found' };
      if (letter.state !== 'open') return { kind: 'resolved_before', state: letter.state };
      await this.letters.resolve(manager, id, { state: 'discarded', by: decision.by, reason: decision.reason });
      await this.tell(manager, letter, { action: 'discarded', to: 'discarded', decision });
      await decision.once.record(manager, id);
      this.logger.log('A dead letter was discarded', this.facts(letter, decision));
      return { kind: 'discarded', letter: (await this.letters.findForUpdate(manager, id)) ?? letter };
    });
  }

  private async retake(seen: StoredDeadLetter, message: KafkaMessage, decision: Decision): Promise<Resolved> {
    return this.dataSource.transaction(async (manager) => {
      const letter = await this.letters.findForUpdate(manager, seen.id);
      if (letter === null) return { kind: 'not_found' };
      // Somebody else may have decided while the record was read.
      if (letter.state !== 'open') return { kind: 'resolved_before', state: letter.state };
      const { topic, partition, epoch } = letter;
      const verdict = await this.intake.retake(manager, { topic, partition, message, epoch });
      if (verdict.kind === 'retry') {
        throw new AppError('retry_not_now', `The record cannot be taken in right now (${verdict.reason})`, { retryable: true });
      }
      if (verdict.kind === 'dead-letter') await this.letters.stayOpen(manager, letter.id, verdict);
      else await this.letters.resolve(manager, letter.id, { state: 'retried', by: decision.by, reason: decision.reason });
      const result = resultOf(verdict);
      const to = verdict.kind === 'dead-letter' ? ('open' as const) : ('retried' as const);
      await this.tell(manager, letter, { action: 'retried', to, decision });
      await decision.once.record(manager, result);
      this.logger.log('A dead letter was retried', { ...this.facts(letter, decision), verdict: result });
      return { kind: 'retried', result, letter: (await this.letters.findForUpdate(manager, letter.id)) ?? letter };
    });
  }

  /** A retry that ended as before counts too: it was asked for, and it took the record in once more. */
  private tell(
    manager: EntityManager,
    { id, topic, partition, state: from }: StoredDeadLetter,
    { action, to, decision }: { action: 'retried' | 'discarded'; to: DeadLetterState; decision: Decision },
  ): Promise<void> {
    return this.audit.record(manager, decision.by, {
      action: `dead_letter.${action}`,
      aggregate: { type: 'dead_letter', id },
      reason: decision.reason,
      changes: from === to ? [] : [{ field: 'state', from, to }],
      related: [{ type: 'partition', id: `${topic}/${partition}` }],
    });
  }

  private facts({ topic, partition, offset }: StoredDeadLetter, { by }: Decision) {
    return { topic, partition, offset, subject: by.sub };
  }
}

function resultOf(verdict: Exclude<Verdict, { kind: 'retry' }>): RetryResult {
  switch (verdict.kind) {
    case 'done':
      return 'done';
    case 'skip':
      return verdict.reason === 'known' ? 'known' : 'skipped';
    case 'dead-letter':
      return 'dead_lettered';
  }
}
