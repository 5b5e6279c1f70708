import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '../domain/account';
import { ImportJob } from '../domain/import-job';
import { checkImportShape, type ImportRequest } from '../domain/import-request';
import { checkRow } from '../domain/profile-rules';
import type { ProfileRow } from '../domain/profile-store';
import { invalidInput, Refusal, refuseInput, type ApiError } from '../domain/refusal';
import type { World } from '../domain/world';

const rowsPointer = '/data/attributes/profiles/data';

export interface ImportSubmission {
  account: Account;
  body: Buffer;
  now: number;
  /** Told as soon as the rows can be counted, whatever becomes of them. */
  counted?: (rows: number) => void;
}

/** Checks an import as a whole and queues it; one bad row refuses all of it. */
export class AcceptImportJob {
  private sequence = 0;

  constructor(private readonly world: World) {}

  execute(submission: ImportSubmission): ImportJob {
    const { account, body, now } = submission;
    const request = this.shape(submission);
    const rows = request.data.attributes.profiles.data;
    const errors = this.rowErrors(account, rows, body.length);
    const listIds = (request.data.relationships?.lists?.data ?? []).map((list) => list.id);
    listIds.forEach((id, index) => {
      if (account.lists.has(id)) return;
      errors.push(invalidInput(`A list with id ${id} does not exist.`, `/data/relationships/lists/data/${index}/id`));
    });
    this.refuse(errors);
    this.sequence += 1;
    const job = new ImportJob({
      id: jobId(account.id, now),
      sequence: this.sequence,
      listIds: [...new Set(listIds)],
      totalCount: rows.length,
      body,
      bodySha256: createHash('sha256').update(body).digest('hex'),
      createdAt: now,
      dueAt: now + this.world.jobRules.queueDelayMs,
    });
    account.jobs.set(job.id, job);
    return job;
  }

  private shape({ body, counted }: ImportSubmission): ImportRequest {
    const parsed = parse(body);
    const count = countRows(parsed);
    if (count !== null) counted?.(count);
    const max = this.world.knobs.profilesMax;
    if (count !== null && count > max) throw refuseInput(`A maximum of ${max} profiles is allowed per request.`, rowsPointer);
    const shape = checkImportShape(parsed);
    if ('errors' in shape) {
      this.refuse(shape.errors);
      throw refuseInput('Invalid input.', '/data');
    }
    return shape.request;
  }

  private rowErrors(account: Account, rows: readonly ProfileRow[], bodyBytes: number): ApiError[] {
    const { knobs } = this.world;
    const context = { knobs, smsEnabled: account.traits.smsEnabled };
    const errors: ApiError[] = [];
    rows.forEach((row, index) => {
      const pointer = `${rowsPointer}/${index}`;
      if (bodyBytes > knobs.profileBytesMax && tooLarge(row, knobs.profileBytesMax)) {
        errors.push(invalidInput(`A profile must not exceed ${knobs.profileBytesMax} bytes.`, pointer));
      }
      errors.push(...checkRow(row, pointer, context));
    });
    return errors;
  }

  private refuse(errors: readonly ApiError[]): void {
    if (errors.length === 0) return;
    throw new Refusal(400, this.world.knobs.validationErrors === 'first' ? errors.slice(0, 1) : errors);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refuseInput('The request body is no valid JSON.', '/data');
    throw cause;
  }
}

function countRows(body: unknown): number | null {
  const data = (body as { data?: { attributes?: { profiles?: { data?: unknown } } } } | null)?.data?.attributes?.profiles?.data;
  return Array.isArray(data) ? data.length : null;
}

/** Serialising every row would cost more than the whole check; a generous guess sorts out nearly all of them. */
function tooLarge(row: ProfileRow, bytesMax: number): boolean {
  return guessedBytes(row) > bytesMax && Buffer.byteLength(JSON.stringify(row)) > bytesMax;
}

function guessedBytes(value: unknown): number {
  if (typeof value === 'string') return value.length * 6 + 3;
  if (typeof value !== 'object' || value === null) return 32;
  let bytes = 2;
  for (const key in value) bytes += key.length * 6 + 4 + guessedBytes((value as Record<string, unknown>)[key]);
  return bytes;
}

/** Klaviyo's job ids are no ULIDs but base64 of dotted parts; callers must treat them as opaque. */
function jobId(accountId: string, now: number): string {
  const part = () => randomBytes(4).toString('base64url').slice(0, 6);
  return Buffer.from(`${accountId}_maintenance.${part()}.${Math.floor(now / 1000)}.${part()}`).toString('base64url');
}
