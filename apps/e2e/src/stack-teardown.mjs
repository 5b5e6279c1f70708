import { once } from 'node:events';
import { rmSync } from 'node:fs';

export const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

export default async function stopStack() {
  const stack = globalThis.__e2eStack;
  if (stack === undefined) return;
  if (!hasEnded(stack.child)) {
    const exited = once(stack.child, 'exit');
    stack.child.kill('SIGTERM');
    await exited;
  }
  await stack.spans.close();
  rmSync(stack.dir, { recursive: true, force: true });
}
