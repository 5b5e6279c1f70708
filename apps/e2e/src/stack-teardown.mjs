import { once } from 'node:events';
import { rmSync } from 'node:fs';

export default async function stopStack() {
  const stack = globalThis.__e2eStack;
  if (stack === undefined) return;
  if (stack.child.exitCode === null) {
    const exited = once(stack.child, 'exit');
    stack.child.kill('SIGTERM');
    await exited;
  }
  rmSync(stack.dir, { recursive: true, force: true });
}
