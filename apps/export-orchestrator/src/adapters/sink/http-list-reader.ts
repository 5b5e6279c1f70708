import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ListLook } from '../../domain/list-look';
import { ListReader } from '../../ports/list-reader';

const TIMEOUT_MS = 3_000;
const TEXT_CHARS_MAX = 500;
const listSchema = z.looseObject({ id: z.string(), name: z.string().nullish() });
const text = z.string().transform((value) => value.slice(0, TEXT_CHARS_MAX));
const problemSchema = z.looseObject({ code: text, detail: text, remedy: text.nullish() });
const retried = 'It is looked up again with the next change of the export, and its first run says whether it exists.';

/**
 * Reads a list from klaviyo-sink with the caller's own token, so that the sink decides whether they may know of it and no service
 * needs a token of its own.
 */
@Injectable()
export class HttpListReader extends ListReader {
  /** Without the sink's address every list stays unchecked. */
  constructor(private readonly sinkUrl: string | undefined) {
    super();
  }

  async look({ connectionId, listId }: { connectionId: string; listId: string }, authorization: string): Promise<ListLook> {
    if (this.sinkUrl === undefined) {
      return unknown(
        'sink_not_configured',
        'Nobody can be asked about lists: KLAVIYO_SINK_URL is not set.',
        'Set KLAVIYO_SINK_URL.',
      );
    }
    try {
      const url = `${this.sinkUrl.replace(/\/+$/, '')}/v1/connections/${connectionId}/lists/${listId}`;
      // A redirect would carry the token to another place; a kept connection may be one that the sink is closing.
      const response = await fetch(url, {
        headers: { authorization, connection: 'close' },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body: unknown = await response.json().catch(() => null);
      return response.ok ? lookOf(body, response.status) : refusalOf(body, response.status);
    } catch {
      return unknown(
        'sink_unreachable',
        'klaviyo-sink does not answer, so the list is not checked.',
        `Start klaviyo-sink. ${retried}`,
      );
    }
  }
}

function lookOf(body: unknown, status: number): ListLook {
  const list = listSchema.safeParse(body);
  // A list without a name is a list all the same.
  return list.success ? { kind: 'found', name: list.data.name?.slice(0, TEXT_CHARS_MAX) || null } : unreadable(status);
}

/** What the sink says of Klaviyo, of the key or of the account stands for itself. */
function refusalOf(body: unknown, status: number): ListLook {
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return unreadable(status);
  const { code, detail, remedy } = problem.data;
  if (status === 404 && code === 'list_not_found') return { kind: 'not_found' };
  return unknown(code, `The list is not checked: ${detail}`, remedy ?? retried);
}

function unreadable(status: number): ListLook {
  const detail = `klaviyo-sink answered with status ${status} and nothing about the list, which is not checked.`;
  return unknown('sink_unreadable', detail, `See whether KLAVIYO_SINK_URL is the address of klaviyo-sink. ${retried}`);
}

function unknown(code: string, detail: string, remedy: string): ListLook {
  return { kind: 'unknown', problem: { code, detail, remedy } };
}
