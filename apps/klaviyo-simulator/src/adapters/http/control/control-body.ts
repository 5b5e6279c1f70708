import type { Request } from 'express';
import type { z } from 'zod';
import { ControlError, type ControlIssue } from './control-error';

const BYTES_MAX = 20_000_000;

/** Reads and checks what the control plane is told; the values never come back in the error. */
export async function readControl<S extends z.ZodType>(request: Request, schema: S): Promise<z.infer<S>> {
  const result = schema.safeParse(parse(await readAll(request)));
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap((issue) => flatten(issue, []));
  throw new ControlError(400, 'invalid_control_input', 'The control plane does not understand this.', issues);
}

async function readAll(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw new ControlError(413, 'control_input_too_large', `At most ${BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ControlError(400, 'invalid_control_json', 'The body is no valid JSON.');
  }
}

/** A union reports one issue that holds those of its branches; the branches say what is wrong. */
function flatten(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): ControlIssue[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branches = issue.errors.map((branch) => branch.flatMap((inner) => flatten(inner, path)));
    return branches.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
  }
  return [{ path: path.map(String).join('.'), code: issue.code ?? 'invalid', detail: issue.message }];
}

function depth(issues: readonly ControlIssue[]): number {
  return Math.max(0, ...issues.map((issue) => (issue.path === '' ? 0 : issue.path.split('.').length)));
}
