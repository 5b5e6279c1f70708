import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read, whole or not at all. */
export function writeSecret(file: string, content: string): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, content, { mode: 0o600 });
  renameSync(partial, file);
}

/** The file's content; made on first use. */
export async function keepSecret(file: string, make: () => string | Promise<string>): Promise<string> {
  if (!existsSync(file)) writeSecret(file, await make());
  return readFileSync(file, 'utf8');
}
