import { join } from 'node:path';

export interface ChildCommand {
  file: string;
  execArgv: string[];
}

/** Node's own heap; DuckDB's memory is outside it. */
const HEAP_MB = 512;

/**
 * How to start the planner child. From a build it is the compiled neighbour of this file. Where this file itself runs from source (in
 * a test runner), the child does too, compiled while it loads.
 */
export function childCommand(): ChildCommand {
  const heap = `--max-old-space-size=${HEAP_MB}`;
  if (!__filename.endsWith('.ts')) return { file: join(__dirname, 'child.js'), execArgv: [heap] };
  const hook = join(__dirname, 'run-from-source.cjs');
  return { file: join(__dirname, 'child.ts'), execArgv: [heap, '--conditions=@courier/source', '--require', hook] };
}
