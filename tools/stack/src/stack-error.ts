/** Something that the person who started the stack can put right; its message says how and is shown without a stack trace. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
