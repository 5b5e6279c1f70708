import type { ImportJob } from './import-job';
import type { List } from './list';
import { ProfileStore } from './profile-store';

export interface AccountTraits {
  id: string;
  name: string;
  /** Profiles without an e-mail need an account that can send text messages. */
  smsEnabled: boolean;
}

export class Account {
  readonly keys = new Map<string, ReadonlySet<string>>();
  readonly lists = new Map<string, List>();
  readonly jobs = new Map<string, ImportJob>();
  readonly profiles: ProfileStore;

  constructor(readonly traits: AccountTraits) {
    this.profiles = new ProfileStore(traits.id);
  }

  get id(): string {
    return this.traits.id;
  }

  /** A job is gone, with its errors, once its lifetime is over. */
  liveJobs(now: number, lifetimeMs: number): ImportJob[] {
    for (const [id, job] of this.jobs) if (now >= job.createdAt + lifetimeMs) this.jobs.delete(id);
    return [...this.jobs.values()];
  }
}
