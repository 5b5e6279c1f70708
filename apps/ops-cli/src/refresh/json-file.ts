import { readFile, stat } from 'node:fs/promises';
import { usageError } from '../ops-error';
import { parsedJson } from '../parse-json';

const BYTES_MAX = 32 * 1_048_576;

/** `remedy` says what the file should be. */
export async function readJsonFile(file: string, remedy: string): Promise<unknown> {
  const content = parsedJson((await readText(file)).replace(/^\uFEFF/, ''));
  if (content !== undefined) return content;
  // The parser's own words quote the file, which may be somebody's address.
  throw usageError(`${file} cannot be used.`, 'It is not JSON.', remedy);
}

async function readText(file: string): Promise<string> {
  try {
    if ((await stat(file)).size <= BYTES_MAX) return await readFile(file, 'utf8');
  } catch (error) {
    throw usageError(`${file} cannot be read.`, (error as Error).message);
  }
  throw usageError(`${file} cannot be used.`, `It is larger than ${BYTES_MAX} bytes.`);
}
