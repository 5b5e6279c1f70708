import { parseArgs } from 'node:util';
import { serviceNames, type ServiceName } from './service-definitions';
import { StackError } from './stack-error';

export interface StartOptions {
  /** End after the sample, with 0 when every count was as expected. */
  exit: boolean;
  sample: boolean;
  instances: Partial<Record<ServiceName, number>>;
}

const usage = 'npm start -- [--exit] [--no-sample] [--instances SERVICE=N]';
const INSTANCES_MAX = 8;

export function readStartOptions(args: readonly string[]): StartOptions {
  const flag = { type: 'boolean' } as const;
  const options = { exit: flag, 'no-sample': flag, instances: { type: 'string', multiple: true } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    return {
      exit: values.exit ?? false,
      sample: !values['no-sample'],
      instances: Object.fromEntries((values.instances ?? []).flatMap((text) => text.split(',')).map(readInstances)),
    };
  } catch (error) {
    throw error instanceof StackError ? error : new StackError(`${(error as Error).message}\nUsage: ${usage}`);
  }
}

function readInstances(text: string): [ServiceName, number] {
  const [name, count = ''] = text.split('=');
  const service = serviceNames.find((candidate) => candidate === name);
  if (!service) throw new StackError(`--instances: there is no service "${name}". There are: ${serviceNames.join(', ')}.`);
  const number = Number(count);
  if (!Number.isInteger(number) || number < 1 || number > INSTANCES_MAX) {
    throw new StackError(`--instances ${service}=N: N must be a whole number from 1 to ${INSTANCES_MAX}.`);
  }
  // The simulator keeps its accounts in memory, so two of them would be two Klaviyos.
  if (service === 'klaviyo-simulator' && number > 1) throw new StackError('There can be only one klaviyo-simulator.');
  return [service, number];
}
