import { StackError } from './stack-error';

/** What a person can put right is said in words; anything else keeps its stack trace. */
export function reportAndExit(error: unknown): never {
  console.error(error instanceof StackError ? error.message : error);
  process.exit(1);
}
