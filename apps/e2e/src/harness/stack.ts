import { type Role, mintToken, type StackFile } from '@courier/stack';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the ring's stack keeps its files. */
export function stackDir(): string {
  const dir = process.env['E2E_STACK_DIR'];
  if (!dir) throw new Error('E2E_STACK_DIR is not set: run the ring through its Jest configuration');
  return dir;
}

/** The stack file as it is now: pids change when a service is started again. */
export function stack(): StackFile {
  return JSON.parse(readFileSync(join(stackDir(), 'stack.json'), 'utf8')) as StackFile;
}

export type ServiceName = keyof StackFile['services'];

export function serviceUrl(name: ServiceName): string {
  const service = stack().services[name];
  if (service === undefined) throw new Error(`${name} is not part of the stack`);
  return service.url;
}

export function tokenFor(role: Role): Promise<string> {
  return mintToken(stackDir(), { sub: `e2e-${role}`, name: `E2E ${role}`, roles: [role] });
}
