export type JobStatus = 'queued' | 'processing' | 'complete' | 'cancelled';

const transitions: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ['processing', 'cancelled'],
  processing: ['complete', 'cancelled'],
  complete: [],
  cancelled: [],
};

export interface ImportError {
  id: string;
  code: string;
  detail: string;
  row: number;
  payload: { id: string | null; attributes: Record<string, unknown> };
}

export interface NewImportJob {
  id: string;
  sequence: number;
  listIds: readonly string[];
  totalCount: number;
  /** The accepted body, parsed again when the job runs: a hundred waiting jobs as objects would not fit. */
  body: Buffer;
  bodySha256: string;
  createdAt: number;
  dueAt: number;
}

export class ImportJob {
  status: JobStatus = 'queued';
  startedAt: number | null = null;
  completedAt: number | null = null;
  /** Rows behind the worker, failed ones included. */
  processed = 0;
  duplicates = 0;
  dueAt: number;
  readonly errors: ImportError[] = [];
  body: Buffer | null;

  readonly id: string;
  readonly sequence: number;
  readonly listIds: readonly string[];
  readonly totalCount: number;
  readonly bodySha256: string;
  readonly createdAt: number;

  constructor(job: NewImportJob) {
    this.id = job.id;
    this.sequence = job.sequence;
    this.listIds = job.listIds;
    this.totalCount = job.totalCount;
    this.bodySha256 = job.bodySha256;
    this.createdAt = job.createdAt;
    this.dueAt = job.dueAt;
    this.body = job.body;
  }

  get failedCount(): number {
    return this.errors.length;
  }

  get active(): boolean {
    return transitions[this.status].length > 0;
  }

  become(status: JobStatus, now: number): void {
    if (!transitions[this.status].includes(status)) throw new Error(`an import job cannot go from ${this.status} to ${status}`);
    this.status = status;
    if (status === 'processing') this.startedAt = now;
    if (status === 'complete' || status === 'cancelled') {
      this.completedAt = now;
      this.body = null;
    }
  }
}
