import { Command } from 'commander';
import { z } from 'zod';
import { OpsError } from '../ops-error';
import type { Ops } from '../ops';
import type { Output } from '../output';
import { noStackError, readStackFile, stackDir } from '../stack-file';

const actions = {
  start: { does: 'bring a service back at the same address; returns when it is ready', done: 'is ready' },
  stop: { does: 'end a service; returns when its processes are gone', done: 'is stopped' },
  restart: { does: 'stop a service and start it again', done: 'is ready again' },
} as const;
type Action = keyof typeof actions;

/** Far more than a service needs to stop and to be ready again. */
const ACTION_MAX_MS = 120_000;

const answerSchema = z.looseObject({
  urls: z.array(z.string()).optional(),
  pids: z.array(z.number()).optional(),
  waits: z.string().nullish(),
});
const refusalSchema = z.looseObject({ error: z.string() });

export function stackCommand(ops: Ops): Command {
  const command = new Command('stack').description('the services of the embedded stack (npm start)');
  for (const action of Object.keys(actions) as Action[]) {
    command
      .command(`${action} <service>`)
      .description(actions[action].does)
      .action(ops.action(({ args: [service = ''], output }) => act(ops, action, service, output)));
  }
  return command;
}

async function act(ops: Ops, action: Action, service: string, output: Output): Promise<void> {
  const dir = stackDir(ops.terminal.env);
  const stack = readStackFile(dir);
  if (stack === null) throw noStackError(dir);
  const body = await call(`${stack.control.url}/services/${encodeURIComponent(service)}/${action}`, stack.control.token, {
    action,
    service,
  });
  const { urls = [], pids = [], waits = null } = answerSchema.parse(body);
  output.result({ service, action, urls, pids, waits }, () => {
    const where = action === 'stop' ? '' : ` at ${urls.join(', ')} (process ${pids.join(', ')})`;
    if (waits !== null) return `${service} runs${where} and waits for a decision: ${waits}. See ops replay status.`;
    return `${service} ${actions[action].done}${where}.`;
  });
}

async function call(url: string, token: string, wish: { action: string; service: string }): Promise<unknown> {
  const what = `${wish.service} could not be told to ${wish.action}.`;
  let response: Response;
  let body: unknown;
  try {
    const signal = AbortSignal.timeout(ACTION_MAX_MS);
    const headers = { authorization: `Bearer ${token}`, connection: 'close' };
    response = await fetch(url, { method: 'POST', headers, signal, redirect: 'error' });
    body = await response.json();
  } catch (cause) {
    throw new OpsError({
      code: 'stack_unreachable',
      what,
      why: 'The process of npm start does not answer.',
      remedy: 'See whether it still runs; if not, run npm start again.',
      cause,
    });
  }
  if (response.ok) return body;
  const refusal = refusalSchema.safeParse(body);
  throw new OpsError({
    code: response.status === 404 ? 'service_not_found' : 'stack_action_failed',
    what,
    why: refusal.success ? refusal.data.error : `The stack answered with status ${response.status}.`,
    remedy: response.status === 404 ? 'Choose one of the services named.' : "See the service's log in the stack's log folder.",
  });
}
