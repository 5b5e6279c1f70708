import { Account } from './account';
import { defaultJobRules, FaultQueue, type JobRules } from './faults';
import { defaultKnobs, type Knobs } from './knobs';
import { List, type ListFlow, type OptInProcess } from './list';
import { allScopes } from './operations';
import { RateWindows } from './rate-windows';
import { RequestLog } from './request-log';

export interface SeedList {
  id: string;
  name: string | null;
  optInProcess?: OptInProcess | null | undefined;
  flows?: ListFlow[] | undefined;
}

export interface SeedAccount {
  id: string;
  name?: string | undefined;
  smsEnabled?: boolean | undefined;
  keys?: { key: string; scopes: 'all' | string[] }[] | undefined;
  lists?: SeedList[] | undefined;
  /** People that were there before: `lists` names lists of this account. */
  profiles?: { email: string; consent?: string | undefined; lists?: string[] | undefined }[] | undefined;
}

export interface Seed {
  accounts: SeedAccount[];
  knobs?: Partial<Knobs> | undefined;
  jobRules?: Partial<JobRules> | undefined;
  limits?: { enabled: boolean } | undefined;
}

/** Everything that the simulator knows, in memory: it is a stand-in, and a fresh start is what its users want. */
export class World {
  readonly accounts = new Map<string, Account>();
  readonly windows = new RateWindows();
  readonly faults = new FaultQueue();
  readonly requests = new RequestLog();
  knobs: Knobs = defaultKnobs();
  jobRules: JobRules = defaultJobRules();

  constructor(private readonly seed: Seed) {
    this.reset();
  }

  reset(now = Date.now()): void {
    this.accounts.clear();
    this.windows.clear();
    this.windows.override({});
    this.faults.clear();
    this.requests.clear();
    this.knobs = { ...defaultKnobs(), ...this.seed.knobs };
    this.jobRules = { ...defaultJobRules(), ...this.seed.jobRules };
    this.windows.enabled = this.seed.limits?.enabled ?? true;
    this.add(this.seed.accounts, now);
  }

  /** Adds accounts, keys, lists and people; what exists under the same id stays as it is, a key gets the scopes given last. */
  add(accounts: readonly SeedAccount[], now = Date.now()): void {
    for (const seed of accounts) {
      const traits = { id: seed.id, name: seed.name ?? seed.id, smsEnabled: seed.smsEnabled ?? false };
      const account = this.accounts.get(seed.id) ?? new Account(traits);
      this.accounts.set(account.id, account);
      for (const { key, scopes } of seed.keys ?? []) account.keys.set(key, new Set(scopes === 'all' ? allScopes : scopes));
      for (const list of seed.lists ?? []) {
        if (account.lists.has(list.id)) continue;
        const { id, name, optInProcess = 'single_opt_in', flows = [] } = list;
        account.lists.set(id, new List(id, name, optInProcess, flows, now));
      }
      for (const person of seed.profiles ?? []) {
        const stored = account.profiles.upsert({ attributes: { email: person.email } }, now);
        if (stored.kind === 'failed') continue;
        if (person.consent) account.profiles.setConsent(stored.index, person.consent);
        for (const id of person.lists ?? []) account.lists.get(id)?.join(stored.index, now);
      }
    }
  }

  findKey(key: string): { account: Account; scopes: ReadonlySet<string> } | null {
    for (const account of this.accounts.values()) {
      const scopes = account.keys.get(key);
      if (scopes) return { account, scopes };
    }
    return null;
  }
}
