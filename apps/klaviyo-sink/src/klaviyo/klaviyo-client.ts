import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { KlaviyoAccountRef } from './account';
import type { Answer } from './answer';
import type { ImportError, ImportJob } from './import-job';
import {
  type Credential,
  type ImportRequest,
  KlaviyoApi,
  type KlaviyoList,
  type KlaviyoPage,
  type ListPage,
} from './klaviyo-api';
import { observeCall } from './call-telemetry';
import { classify } from './classify';
import { type KlaviyoRequest, KlaviyoTransport } from './transport';
import {
  accountAnswer,
  anyCollection,
  anything,
  importErrorsAnswer,
  jobAnswer,
  jobIdsAnswer,
  jobsAnswer,
  listAnswer,
  listsAnswer,
} from './wire';

const JOBS = '/api/profile-bulk-import-jobs';
const JOB_FIELDS = 'status,created_at,total_count,completed_count,failed_count';
const PAGE_SIZE = '100';
const LIST_PAGE_MAX = 10;

interface NamedCall<S extends z.ZodType> {
  /** For telemetry, like the path with placeholders. */
  operation: string;
  template: string;
  /** Of the body of a good answer. */
  schema: S;
}

interface GetCall<S extends z.ZodType> extends Omit<NamedCall<S>, 'template'> {
  path: string;
  /** Where the path holds an id. */
  template?: string;
  query?: Record<string, string>;
}

/** Klaviyo's HTTP interface, call by call. Which answer means what lies in `classify`, what to do about it in the use cases. */
@Injectable()
export class KlaviyoClient extends KlaviyoApi {
  constructor(private readonly transport: KlaviyoTransport) {
    super();
  }

  getAccount(credential: Credential): Promise<Answer<KlaviyoAccountRef>> {
    return this.get(credential, { operation: 'get_account', path: '/api/accounts', schema: accountAnswer });
  }

  getLists(credential: Credential, { limit, cursor }: ListPage): Promise<Answer<KlaviyoPage<KlaviyoList>>> {
    const query = { 'page[size]': String(Math.min(limit, LIST_PAGE_MAX)), ...at(cursor) };
    return this.get(credential, { operation: 'get_lists', path: '/api/lists', query, schema: listsAnswer });
  }

  getList(credential: Credential, listId: string): Promise<Answer<KlaviyoList>> {
    const path = `/api/lists/${encodeURIComponent(listId)}`;
    return this.get(credential, { operation: 'get_list', path, template: '/api/lists/{id}', schema: listAnswer });
  }

  probeProfiles(credential: Credential): Promise<Answer<null>> {
    const query = { 'page[size]': '1', 'fields[profile]': 'created' };
    return this.get(credential, { operation: 'probe_profiles', path: '/api/profiles', query, schema: anyCollection });
  }

  probeImport(credential: Credential): Promise<Answer<null>> {
    const body = Buffer.from(JSON.stringify({ data: { type: 'profile-bulk-import-job', attributes: {} } }));
    return this.post(credential, { operation: 'probe_import', body, schema: anything });
  }

  async importProfiles(credential: Credential, request: ImportRequest): Promise<Answer<ImportJob>> {
    const answer = await this.post(credential, { operation: 'import_profiles', body: importBody(request), schema: jobAnswer });
    // A server error may come after the commit; a job that nobody knows of could later be taken for another batch's.
    const afterCommit = answer.kind === 'unavailable' && answer.reason.startsWith('status_5');
    return afterCommit ? { kind: 'unknown', reason: answer.reason } : answer;
  }

  getRunningJobs(credential: Credential, cursor: string | null): Promise<Answer<KlaviyoPage<string>>> {
    const query = {
      filter: 'any(status,["queued","processing"])',
      'fields[profile-bulk-import-job]': 'status',
      'page[size]': PAGE_SIZE,
      ...at(cursor),
    };
    return this.get(credential, { operation: 'get_running_jobs', path: JOBS, query, schema: jobIdsAnswer });
  }

  getNewestJobs(credential: Credential, cursor: string | null): Promise<Answer<KlaviyoPage<ImportJob>>> {
    const query = { sort: '-created_at', 'page[size]': PAGE_SIZE, ...at(cursor) };
    return this.get(credential, { operation: 'get_newest_jobs', path: JOBS, query, schema: jobsAnswer });
  }

  getJob(credential: Credential, jobId: string): Promise<Answer<ImportJob>> {
    const query = { include: 'lists', 'fields[profile-bulk-import-job]': JOB_FIELDS };
    return this.get(credential, {
      operation: 'get_job',
      path: `${JOBS}/${encodeURIComponent(jobId)}`,
      template: `${JOBS}/{id}`,
      query,
      schema: jobAnswer,
    });
  }

  getImportErrors(credential: Credential, jobId: string, cursor: string | null): Promise<Answer<KlaviyoPage<ImportError>>> {
    const path = `${JOBS}/${encodeURIComponent(jobId)}/import-errors`;
    const query = { 'page[size]': PAGE_SIZE, ...at(cursor) };
    return this.get(credential, {
      operation: 'get_import_errors',
      path,
      template: `${JOBS}/{id}/import-errors`,
      query,
      schema: importErrorsAnswer,
    });
  }

  private get<S extends z.ZodType>(credential: Credential, call: GetCall<S>): Promise<Answer<z.output<S>>> {
    const { path, template = path, query = {}, ...named } = call;
    return this.call({ ...named, template }, { method: 'GET', path, query, apiKey: credential.apiKey });
  }

  private post<S extends z.ZodType>(
    credential: Credential,
    call: Omit<NamedCall<S>, 'template'> & { body: Buffer },
  ): Promise<Answer<z.output<S>>> {
    const { body, ...named } = call;
    return this.call({ ...named, template: JOBS }, { method: 'POST', path: JOBS, body, apiKey: credential.apiKey });
  }

  private call<S extends z.ZodType>(
    { operation, template, schema }: NamedCall<S>,
    request: KlaviyoRequest,
  ): Promise<Answer<z.output<S>>> {
    return observeCall(this.transport, { operation, template, request }, (raw) => classify(raw, schema));
  }
}

function at(cursor: string | null): Record<string, string> {
  return cursor === null ? {} : { 'page[cursor]': cursor };
}

/** The profiles are JSON already: they are joined, never parsed. */
function importBody({ listId, profiles }: ImportRequest): Buffer {
  const list = JSON.stringify({ type: 'list', id: listId });
  const head = '{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":[';
  return Buffer.concat([Buffer.from(head), profiles, Buffer.from(`]}},"relationships":{"lists":{"data":[${list}]}}}}`)]);
}
