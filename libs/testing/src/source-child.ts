import { join } from 'node:path';

/** How to start a TypeScript source of this workspace as a process of its own, compiled while it loads. */
export function sourceChildArguments(file: string): string[] {
  return ['--conditions=@courier/source', '--require', join(__dirname, 'run-from-source.cjs'), file];
}
