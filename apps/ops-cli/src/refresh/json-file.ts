import { readFile, stat } from 'node:fs/promises';
import { usageError } from '../ops-error';

const BYTES_MAX = 32 * 1_048_576;

export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageError(`${file} cannot be used.`, `It is not JSON: ${(error as Error).message}.`);
  }
}

async function readText(file: string): Promise<string> {
  try {
    if ((await stat(file)).size <= BYTES_MAX) return await readFile(file, 'utf8');
  } catch (error) {
    throw usageError(`${file} cannot be read.`, (error as Error).message);
  }
  throw usageError(`${file} cannot be used.`, `It is larger than ${BYTES_MAX} bytes.`);
}
