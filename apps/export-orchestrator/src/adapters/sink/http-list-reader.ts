import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ListReader } from '../../ports/list-reader';

const TIMEOUT_MS = 3_000;
const NAME_CHARS_MAX = 500;
const listSchema = z.looseObject({ name: z.string().min(1) });

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

  async nameOf(
    { connectionId, listId }: { connectionId: string; listId: string },
    authorization: string,
  ): Promise<string | null> {
    if (this.sinkUrl === undefined) return null;
    try {
      const url = `${this.sinkUrl.replace(/\/+$/, '')}/v1/connections/${connectionId}/lists/${listId}`;
      // A redirect would carry the token to another place; a kept connection may be one that the sink is closing.
      const response = await fetch(url, {
        headers: { authorization, connection: 'close' },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const parsed = listSchema.safeParse(response.ok ? await response.json() : null);
      return parsed.success ? parsed.data.name.slice(0, NAME_CHARS_MAX) : null;
    } catch {
      // Away, slow or not to be understood: the list stays unchecked, which is what the export says.
      return null;
    }
  }
}
