import { Injectable } from '@nestjs/common';
import { type CredentialProblem, type InvalidEntry, isPassing, type PassingFailure } from '../../klaviyo';
import {
  allRows,
  BatchObjects,
  DeliveryStore,
  endDetail,
  endFrom,
  type LineRange,
  type RowResult,
  type Submission,
} from '../../deliveries';
import { handleRefusedImport, namesList } from './refused-import';
import { LeasedWrites, type OwnedAccount } from '../../accounts';
import type { OpenedCredential } from '../../connections';

export type StillOpen = PassingFailure | { kind: 'refused'; problem: CredentialProblem };

/**
 * Refused calls that one delivery may spend, so that a thoroughly bad batch cannot eat the account's quota. Two bad rows of 10,000
 * that Klaviyo does not name take about 27.
 */
const REFUSALS_PER_DELIVERY_MAX = 80;

/**
 * Klaviyo takes all rows of a call or none. After a refusal the named rows are stripped, or the batch is halved until the bad rows stand
 * alone; but first a missing list must be ruled out, because its refusal looks much the same.
 */
@Injectable()
export class ResolveRefusedImport {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly objects: BatchObjects,
    private readonly writes: LeasedWrites,
  ) {}

  /** Null when it is resolved. */
  async execute(
    account: OwnedAccount,
    submission: Submission,
    credential: OpenedCredential,
    entries: readonly InvalidEntry[],
  ): Promise<StillOpen | null> {
    const next = handleRefusedImport(entries, {
      ranges: submission.ranges,
      rounds: submission.rounds,
      refusalsLeft: REFUSALS_PER_DELIVERY_MAX - submission.deliveryRefusals,
    });
    if (namesList(entries)) return this.confirmList(account, submission, credential);
    if (next.kind !== 'strip' && submission.rounds === 0) {
      const open = await this.confirmList(account, submission, credential);
      if (open === null || !('listExists' in open)) return open;
    }
    switch (next.kind) {
      case 'strip':
        await this.split(account, submission, next.rest.length === 0 ? [] : [next.rest], next.results);
        return null;
      case 'bisect':
        await this.split(account, submission, next.halves, []);
        return null;
      case 'reject':
        await this.split(account, submission, [], next.results);
        return null;
      case 'give_up':
        await this.writes.write(account.lease, (manager) =>
          this.deliveries.end(manager, submission.id, allRows(submission.rows, 'unconfirmed', next.error)),
        );
        return null;
    }
  }

  /** Asks for the list. Null when it is missing, and the run ends; a list that exists makes the refusal a passing failure. */
  async confirmList(
    account: OwnedAccount,
    submission: Submission,
    credential: OpenedCredential,
  ): Promise<StillOpen | (PassingFailure & { listExists: true }) | null> {
    const answer = await account.session.read('list', (api) => api.getList(credential, submission.listId));
    if (isPassing(answer) || answer.kind === 'refused') return answer;
    if (answer.kind !== 'not_found') return { kind: 'unavailable', reason: 'list_refused_yet_there', listExists: true };
    const error = { code: 'list_not_found', detail: endDetail('list_not_found') };
    const status = submission.maybeSent ? 'unconfirmed' : 'notAttempted';
    await this.writes.write(account.lease, async (manager) => {
      await this.deliveries.markListMissing(manager, submission);
      await this.deliveries.end(manager, submission.id, allRows(submission.rows, status, error));
    });
    return null;
  }

  private async split(
    account: OwnedAccount,
    submission: Submission,
    parts: LineRange[][],
    results: readonly RowResult[],
  ): Promise<void> {
    const staged = results.length === 0 ? null : await this.objects.writePart(submission, results);
    await this.writes.write(account.lease, (manager) =>
      this.deliveries.split(manager, submission, parts, endFrom(results, staged, 0)),
    );
  }
}
