import { batchFinishedV1, type BatchFinishedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import { inSpan } from '@courier/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Delivery } from './delivery';
import { linesOf } from './line-ranges';
import { outcomeFacts } from './log-facts';
import { addCounts, addReasons, assertAddsUp, lastingError, noCounts } from './outcome';
import type { OutcomeError, RowResult } from './row-result';
import type { EndedSubmission } from './submission';
import { deliveryAttributes } from './trace-attributes';
import { BatchObjects } from './batch-objects';
import { CLOCK } from '../clock';
import { DeliveryStore } from './delivery-store';
import { LeasedWrites, type OwnedAccount } from '../accounts';
import { countFinishedDelivery } from './delivery-metrics';

const FINISHED_AT_ONCE_MAX = 50;

/** What differs between an outcome that adds up and one that cannot be told. */
type Fate = Pick<BatchFinishedV1, 'counts' | 'rejectedReasons' | 'results' | 'error'>;

/** Adds up what became of a batch's submissions, and tells it in the transaction that ends the delivery. */
@Injectable()
export class FinishDeliveries {
  private readonly logger = new Logger(FinishDeliveries.name);

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly objects: BatchObjects,
    private readonly writes: LeasedWrites,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One that cannot be finished holds up no other: the first error is thrown when all had their turn. */
  async execute(account: OwnedAccount): Promise<void> {
    let failure: { error: unknown } | null = null;
    for (const delivery of await this.deliveries.findEndedDeliveries(account.key, FINISHED_AT_ONCE_MAX)) {
      if (account.session.ended.aborted) break;
      try {
        const options = { attributes: deliveryAttributes(delivery), parent: delivery.traceparent };
        await inSpan('finish delivery', options, () => this.finish(account, delivery));
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== null) throw failure.error;
  }

  private async finish(account: OwnedAccount, delivery: Delivery): Promise<void> {
    const submissions = await this.deliveries.findEndedSubmissions(delivery.id);
    const told = (fate: Fate): BatchFinishedV1 => ({
      deliveryId: delivery.id,
      batchId: delivery.batchId,
      runId: delivery.runId,
      exportId: delivery.exportId,
      attempt: delivery.attempt,
      number: delivery.number,
      ...fate,
      jobIds: submissions.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])),
      attempts: delivery.calls,
      finishedAt: this.clock.now().toISOString(),
      ...(delivery.epoch === 0 ? {} : { epoch: delivery.epoch }),
    });
    try {
      await this.tell(account, told(await this.fateOf(delivery, submissions)));
    } catch (error) {
      await this.tell(account, told(unknownFate(delivery.rows, lastingError(error))));
    }
  }

  private async fateOf(delivery: Delivery, submissions: readonly EndedSubmission[]): Promise<Fate> {
    const counts = addCounts(submissions.map((submission) => submission.counts));
    assertAddsUp(counts, delivery.rows);
    const results = await this.collect(submissions);
    assertAddsUp({ ...counts, rejected: 0, unconfirmed: 0, notAttempted: results.length }, delivery.rows);
    const place = { ...delivery, deliveryId: delivery.id };
    return {
      counts,
      rejectedReasons: addReasons(submissions.map((submission) => submission.reasons)),
      results: results.length === 0 ? null : await this.objects.writeResults(place, results),
      error: mainError(submissions),
    };
  }

  private async tell(account: OwnedAccount, outcome: BatchFinishedV1): Promise<void> {
    await this.writes.write(account.lease, async (manager) => {
      if (!(await this.deliveries.finish(manager, outcome))) return;
      await this.outbox.append(manager, batchFinishedV1, outcome);
      countFinishedDelivery(outcome);
      this.logger.log('Batch delivered', outcomeFacts(outcome));
    });
  }

  private async collect(submissions: readonly EndedSubmission[]): Promise<RowResult[]> {
    const results: RowResult[] = [];
    for (const submission of submissions) {
      if (submission.results !== null) results.push(...(await this.objects.readResults(submission.results)));
      else results.push(...sharedFate(submission));
    }
    return results.sort((left, right) => left.line - right.line);
  }
}

/** Nobody can say any more which rows were accepted, so none counts as confirmed, and no results need to name them. */
function unknownFate(rows: number, error: OutcomeError): Fate {
  return { counts: { ...noCounts, unconfirmed: rows }, rejectedReasons: {}, results: null, error };
}

/** A submission without staged results has one fate for all of its rows. */
function sharedFate({ counts, error, ranges }: EndedSubmission): RowResult[] {
  const status = counts.notAttempted > 0 ? 'notAttempted' : counts.unconfirmed > 0 ? 'unconfirmed' : null;
  if (status === null) return [];
  return [...linesOf(ranges)].map((line) => ({ line, status, code: error?.code ?? status, detail: error?.detail ?? '' }));
}

/** A missing list ends the whole run, so it comes before everything else. */
function mainError(submissions: readonly EndedSubmission[]): BatchFinishedV1['error'] {
  const errors = submissions.flatMap(({ error }) => (error === null ? [] : [error]));
  return errors.find(({ code }) => code === 'list_not_found') ?? errors[0] ?? null;
}
