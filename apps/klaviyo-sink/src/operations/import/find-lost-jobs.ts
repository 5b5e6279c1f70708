import { type Clock } from '@courier/kernel';
import { inSpan } from '@courier/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  adoptableJobs,
  allRows,
  DeliveryStore,
  oldestPossibleOwner,
  oldestUsefulJob,
  submissionAttributes,
  submissionFacts,
  type Submission,
} from '../../deliveries';
import type { Answer, ImportJob } from '../../klaviyo';
import { attentionFor, UseCredential, type OpenedCredential } from '../../connections';
import { backoffMs, LeasedWrites, type OwnedAccount } from '../../accounts';
import { CLOCK } from '../../clock';
import { Settings } from '../../settings';

const PAGES_MAX = 5;
/** Jobs that the collection did not say everything of are read one by one, up to here. */
const JOB_READS_MAX = 10;

/**
 * Klaviyo knows no idempotency keys: after a lost answer the newest jobs are searched for the one that the call may have made. Only an
 * unmistakable one is adopted; otherwise the rows are sent again, which an upsert does not mind.
 */
@Injectable()
export class FindLostJobs {
  private readonly logger = new Logger(FindLostJobs.name);

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly writes: LeasedWrites,
    private readonly credentials: UseCredential,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(account: OwnedAccount): Promise<void> {
    const unanswered = await this.deliveries.findUnanswered(account.key);
    const first = unanswered[0];
    if (first === undefined) return;
    const links = [...new Set(unanswered.slice(1).map(({ traceparent }) => traceparent))];
    const options = { attributes: submissionAttributes(first), parent: first.traceparent, links };
    await inSpan('find lost jobs', options, () => this.search(account, first, unanswered));
  }

  private async search(account: OwnedAccount, first: Submission, unanswered: readonly Submission[]): Promise<void> {
    const { credentials, deliveries, writes } = this;
    const credential = await credentials.open(first.connectionId, account.lease);
    if (credential === null) return;
    const since = oldestUsefulJob(unanswered.map(({ sentAt }) => ({ startedAt: sentAt ?? this.clock.now() })));
    const intents = await deliveries.findIntents(account.key, oldestPossibleOwner(since));
    const jobs = await this.newestJobs(account, credential, since);
    if (jobs.kind === 'refused') {
      return writes.write(account.lease, (manager) => credentials.refuse(manager, credential, attentionFor(jobs.problem)));
    }
    // A search that was cut off by the end of the process is no try.
    if (account.session.ended.aborted) return;
    if (jobs.kind !== 'ok') return this.sendLater(account, unanswered);
    const known = await deliveries.findKnownJobs(jobs.value.map(({ id }) => id));
    const unknown = jobs.value.filter(({ id }) => !known.has(id));
    const adopted = adoptableJobs(intents, await this.withAllFacts(account, credential, { unknown, unanswered }));
    await writes.write(account.lease, async (manager) => {
      for (const submission of unanswered) {
        const job = adopted.get(submission.id);
        if (job === undefined) continue;
        await deliveries.accept(manager, submission.id, job.id);
        this.logger.log('The job of an unanswered import was found', { ...submissionFacts(submission), jobId: job.id });
      }
    });
    await this.sendAgain(
      account,
      unanswered.filter(({ id }) => !adopted.has(id)),
    );
  }

  private async newestJobs(account: OwnedAccount, credential: OpenedCredential, since: Date): Promise<Answer<ImportJob[]>> {
    const answer = await account.session.readPages({
      bucket: 'jobs',
      pagesMax: PAGES_MAX,
      send: (api, cursor) => api.getNewestJobs(credential, cursor),
      enough: (jobs) => (jobs.at(-1)?.createdAt ?? since) < since,
    });
    if (answer.kind !== 'ok') return answer;
    // Where there are too many jobs to see all of them, or one that cannot be read, none is unmistakable.
    const { complete, items } = answer.value;
    return { kind: 'ok', value: complete ? items.filter(({ createdAt }) => createdAt === null || createdAt >= since) : [] };
  }

  private async withAllFacts(
    account: OwnedAccount,
    credential: OpenedCredential,
    { unknown, unanswered }: { unknown: ImportJob[]; unanswered: readonly Submission[] },
  ): Promise<ImportJob[]> {
    const rows = new Set(unanswered.map((submission) => submission.rows));
    const candidates = unknown.filter((job) => job.totalCount === null || rows.has(job.totalCount));
    if (candidates.filter(isVague).length > JOB_READS_MAX) return [];
    const complete: ImportJob[] = [];
    for (const job of candidates) {
      if (!isVague(job)) complete.push(job);
      else {
        const answer = await account.session.read('job', (api) => api.getJob(credential, job.id));
        // A job of an unknown list, size or time fits nothing, yet it makes the search inconclusive.
        if (answer.kind !== 'ok' || isVague(answer.value)) return [];
        complete.push(answer.value);
      }
    }
    return complete;
  }

  private async sendAgain(account: OwnedAccount, submissions: readonly Submission[]): Promise<void> {
    const { deliveries, settings, writes } = this;
    await writes.write(account.lease, async (manager) => {
      for (const { id, rows, tries } of submissions) {
        if (tries < settings.triesMax) await deliveries.retryLater(manager, id, { afterMs: 0, counts: 'nothing' });
        else await deliveries.end(manager, id, allRows(rows, 'unconfirmed', noAnswer));
      }
    });
  }

  private async sendLater(account: OwnedAccount, submissions: readonly Submission[]): Promise<void> {
    const { deliveries, settings, writes } = this;
    await writes.write(account.lease, async (manager) => {
      for (const { id, rows, tries } of submissions) {
        if (tries < settings.triesMax) await deliveries.markUnanswered(manager, id, backoffMs(tries + 1, settings.backoff));
        else await deliveries.end(manager, id, allRows(rows, 'unconfirmed', noAnswer));
      }
    });
  }
}

function isVague({ listIds, totalCount, createdAt }: ImportJob): boolean {
  return listIds === null || totalCount === null || createdAt === null;
}

const noAnswer = { code: 'no_answer', detail: 'Klaviyo did not answer; the profiles may or may not have arrived.' };
