import type { KlaviyoAccountRef } from './account';
import type { Answer } from './answer';
import type { ImportError, ImportJob } from './import-job';

/** An open API key. Lives in memory for as long as a call needs it. */
export interface Credential {
  apiKey: string;
}

export interface KlaviyoList {
  id: string;
  /** The id where Klaviyo knows no name. */
  name: string;
  optInProcess: string | null;
}

export interface KlaviyoPage<T> {
  items: T[];
  /** Null on the last page. */
  nextCursor: string | null;
  /** False when an element had to be left out because it has no id, or when the page did not say whether it is the last one. */
  whole: boolean;
}

export interface ImportRequest {
  listId: string;
  /** The content of the request's `profiles.data` array as JSON text, without its brackets. */
  profiles: Buffer;
}

/** One method per Klaviyo call. None throws for what Klaviyo or the network does: that is the answer. None retries. */
export interface ListPage {
  /** Klaviyo gives 10 at most. */
  limit: number;
  cursor: string | null;
}

export abstract class KlaviyoApi {
  abstract getAccount(credential: Credential): Promise<Answer<KlaviyoAccountRef>>;
  /** 10 lists a page, which is Klaviyo's maximum. */
  abstract getLists(credential: Credential, page: ListPage): Promise<Answer<KlaviyoPage<KlaviyoList>>>;
  abstract getList(credential: Credential, listId: string): Promise<Answer<KlaviyoList>>;
  /** Reads one profile's creation time: enough to see whether profiles may be read. */
  abstract probeProfiles(credential: Credential): Promise<Answer<null>>;
  /** Sends an import that cannot be valid: `invalid` proves the scopes, `refused` names what is missing, and nothing is created. */
  abstract probeImport(credential: Credential): Promise<Answer<null>>;
  abstract importProfiles(credential: Credential, request: ImportRequest): Promise<Answer<ImportJob>>;
  /** Ids of jobs that are queued or processing, 100 a page. */
  abstract getRunningJobs(credential: Credential, cursor: string | null): Promise<Answer<KlaviyoPage<string>>>;
  abstract getNewestJobs(credential: Credential, cursor: string | null): Promise<Answer<KlaviyoPage<ImportJob>>>;
  abstract getJob(credential: Credential, jobId: string): Promise<Answer<ImportJob>>;
  /** 100 a page. */
  abstract getImportErrors(
    credential: Credential,
    jobId: string,
    cursor: string | null,
  ): Promise<Answer<KlaviyoPage<ImportError>>>;
}
