import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Request } from 'express';
import { Refusal, refuseWith } from '../../domain/refusal';

const mediaTypes = new Set(['application/vnd.api+json', 'application/json']);
const inflate = promisify(gunzip);
/** More than this is not even read to its end. */
const DRAINED_BYTES_MAX = 64_000_000;

export interface BodyLimits {
  bytesMax: number;
  tooLarge: 'json' | 'html';
}

/** Reads a body by Klaviyo's rules: two media types, gzip, and a limit on the decompressed size. */
export async function readBody(request: Request, limits: BodyLimits): Promise<Buffer> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const raw = await readRaw(request, limits.bytesMax);
  if (!mediaTypes.has(mediaType)) throw refuseWith(415, `Unsupported media type "${mediaType.slice(0, 80)}" in request.`);
  if (encoding !== 'identity' && encoding !== 'gzip') throw refuseWith(415, 'Unsupported content encoding in request.');
  if (raw === null) throw tooLarge(limits);
  if (encoding === 'identity') return raw;
  try {
    return (await inflate(raw, { maxOutputLength: limits.bytesMax })) as Buffer;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits);
    throw refuseWith(400, 'The request body cannot be decompressed.');
  }
}

/** Null when the body is over the limit. The rest is read and dropped, or the caller would see a reset and not the answer. */
async function readRaw(request: Request, bytesMax: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    if (bytes > DRAINED_BYTES_MAX) break;
  }
  return bytes <= bytesMax ? Buffer.concat(chunks, bytes) : null;
}

function tooLarge(limits: BodyLimits): Refusal {
  if (limits.tooLarge === 'json') return refuseWith(413);
  return new Refusal(413, [], {}, '<html><head><title>413 Request Entity Too Large</title></head><body></body></html>');
}
