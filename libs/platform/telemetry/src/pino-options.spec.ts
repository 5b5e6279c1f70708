import { AppError } from '@courier/kernel';
import { describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { pinoOptions } from './pino-options';
import { ServiceLogger } from './service-logger';

const email = 'jane.doe@example.com';
const key = 'pk_abcdef0123456789abcdef';

function logger() {
  const lines: string[] = [];
  const options = pinoOptions({ serviceName: 'spec', level: 'trace' });
  const root = pino(options, { write: (line: string) => void lines.push(line) });
  return {
    root,
    service: new ServiceLogger(root),
    output: () => lines.join(''),
    last: () => JSON.parse(lines.at(-1) ?? '{}') as object,
  };
}

describe('the log', () => {
  it('carries listed fields and the service', () => {
    const { service, last } = logger();
    service.log('Run started', { runId: 'r1', partition: 3 }, 'StartRun');
    expect(last()).toMatchObject({
      level: 'info',
      service: 'spec',
      msg: 'Run started',
      runId: 'r1',
      partition: 3,
      context: 'StartRun',
    });
  });

  it('takes facts before the text as well', () => {
    const { service, last } = logger();
    service.warn({ topic: 'connections', err: new Error('x') }, 'Tried again', 'Relay');
    expect(last()).toMatchObject({
      level: 'warn',
      msg: 'Tried again',
      topic: 'connections',
      context: 'Relay',
      err: { name: 'Error' },
    });
  });

  it('never carries a field that is not listed, wherever it stands', () => {
    const { root, service, output } = logger();
    const name = 'jane';
    for (const profile of [name, email]) {
      service.log('A', { profile, runId: 'r1' });
      root.info({ profile, nested: { profile } }, 'B');
      root.child({ profile, err: new Error(profile) }).info('C');
      service.log({ profile });
      service.log('D', { runId: { profile }, topic: [profile] });
      root.info({ req: { url: `/x?name=${profile}` }, res: { body: profile } }, 'E');
    }
    expect(output().trim().split('\n')).toHaveLength(12);
    expect(output()).not.toContain('jane');
  });

  it('removes addresses and keys from listed fields and texts', () => {
    const { service, output } = logger();
    service.log(`Sent to ${email} with ${key}`, { reason: `filter=equals(email,"${email}")`, key });
    service.log('Looked up /profiles?email=jane.doe%40example.com');
    expect(output()).not.toMatch(/jane|abcdef/);
    expect(output()).toContain('[removed]');
  });

  it('keeps name, code and frames of an unknown error, and never its text', () => {
    const { root, service, output } = logger();
    const error = Object.assign(new TypeError(`bad row: "${email}\n    at home of jane"`), { code: '23505', detail: email });
    service.error('Could not store', { err: error });
    service.error(error);
    service.error(error, 'ExceptionHandler');
    service.error(error.message, error.stack, 'ExceptionHandler');
    service.error(error.stack);
    root.error(error);
    root.error(error, error.message.slice(0, 3));
    expect(output()).not.toContain('jane');
    expect(output()).toContain('23505');
    expect(output()).toContain('pino-options.spec.ts');
  });

  it("keeps an AppError's own text, its context by the allow-list and the kind of its cause", () => {
    const { service, last, output } = logger();
    const cause = new RangeError(`for ${email}`);
    service.error('Failed', {
      err: new AppError('lease_lost', 'The lease was lost', { cause, context: { lease: 'relay', email } }),
    });
    expect(last()).toMatchObject({
      msg: 'Failed',
      err: { code: 'lease_lost', message: 'The lease was lost', context: { lease: 'relay' }, cause: { name: 'RangeError' } },
    });
    expect(output()).not.toContain('jane');
  });
});
