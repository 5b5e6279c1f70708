import { AppError } from '@courier/kernel';
import { stagingLimits } from './limits';

export const resultStatuses = ['rejected', 'unconfirmed', 'notAttempted'] as const;
export type ResultStatus = (typeof resultStatuses)[number];

/** One row of a batch that Klaviyo did not accept; rows without a result line were accepted. */
export interface ResultLine {
  /** 0-based line of the batch. */
  line: number;
  status: ResultStatus;
  code: string;
  detail: string;
}

export function encodeResults(results: Iterable<ResultLine>): Buffer {
  const texts: string[] = [];
  for (const { line, status, code, detail } of results) {
    const short = detail.slice(0, stagingLimits.resultDetailCharactersMax);
    texts.push(`${JSON.stringify({ line, status, code, detail: short })}\n`);
  }
  return Buffer.from(texts.join(''));
}

export function decodeResults(content: Buffer): ResultLine[] {
  const texts = content.toString('utf8').split('\n');
  if (texts.pop() !== '') throw damaged(texts.length);
  return texts.map(decodeResult);
}

function decodeResult(text: string, index: number): ResultLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold a profile: it goes no further.
    throw damaged(index);
  }
  if (!isResultLine(value)) throw damaged(index);
  return { line: value.line, status: value.status, code: value.code, detail: value.detail };
}

function isResultLine(value: unknown): value is ResultLine {
  if (typeof value !== 'object' || value === null) return false;
  const { line, status, code, detail } = value as Record<string, unknown>;
  const known = resultStatuses.some((candidate) => candidate === status);
  return known && Number.isInteger(line) && Number(line) >= 0 && typeof code === 'string' && typeof detail === 'string';
}

function damaged(index: number): AppError {
  return new AppError('staged_object_damaged', 'A result object holds a line that is no result', { context: { index } });
}
