import { describe, expect, it } from '@jest/globals';
import { kafkaSettingsOf, loadSettings } from './config';
import { parseStackFile, stackDir, type StackFile } from './stack-file';
import { failureOf } from './testing/failure-of';

const stack: StackFile = {
  kafkaBrokers: '127.0.0.1:9092',
  environmentId: 'dev',
  services: { 'connection-service': { url: 'http://127.0.0.1:3001' }, 'export-orchestrator': { url: 'http://127.0.0.1:3002' } },
  operatorToken: 'token-of-the-stack',
  control: { url: 'http://127.0.0.1:4000', token: 'control' },
};
const needed = ['OPS_EXPORT_ORCHESTRATOR_URL', 'OPS_TOKEN'] as const;

describe('settings', () => {
  it('come from the running stack', () => {
    const { settings, note } = loadSettings([...needed, 'OPS_KAFKA_BROKERS', 'OPS_ENVIRONMENT_ID'], {
      env: {},
      stackDir: '/s',
      stack,
    });
    expect(settings).toMatchObject({
      OPS_EXPORT_ORCHESTRATOR_URL: 'http://127.0.0.1:3002',
      OPS_TOKEN: 'token-of-the-stack',
      OPS_KAFKA_BROKERS: ['127.0.0.1:9092'],
      OPS_ENVIRONMENT_ID: 'dev',
    });
    expect(note).toBeNull();
  });

  it('say so when the running stack wins over the environment', () => {
    const { settings, note } = loadSettings(needed, { env: { OPS_TOKEN: 'of-production' }, stackDir: '/s', stack });
    expect(settings.OPS_TOKEN).toBe('token-of-the-stack');
    expect(note).toBe('Using the stack in /s; not used: OPS_TOKEN.');
  });

  it('come from the environment when no stack runs, and only what is needed must be there', () => {
    const env = { OPS_EXPORT_ORCHESTRATOR_URL: 'https://exports.example', OPS_TOKEN: 'abc' };
    expect(loadSettings(needed, { env, stackDir: '/s', stack: null }).settings).toEqual(env);
  });

  it('are reported at once when they are missing or bad, never with their values', () => {
    const env = { OPS_EXPORT_ORCHESTRATOR_URL: 'exports.example', OPS_TOKEN: 'two words', OPS_KAFKA_BROKERS: 'nowhere' };
    const failure = failureOf(() => loadSettings([...needed, 'OPS_ENVIRONMENT_ID'], { env, stackDir: '/s', stack: null }));
    expect(failure.exitCode).toBe(1);
    expect(failure.findings.map((finding) => finding.split(' ')[0]).sort()).toEqual([
      'OPS_ENVIRONMENT_ID',
      'OPS_EXPORT_ORCHESTRATOR_URL',
      'OPS_KAFKA_BROKERS',
      'OPS_TOKEN',
    ]);
    expect(failure.findings.join()).not.toMatch(/two words|nowhere|exports\.example/);
  });

  it('take SASL whole or not at all', () => {
    const base = { OPS_KAFKA_BROKERS: ['b:1'] };
    expect(kafkaSettingsOf(base)).toEqual({ brokers: ['b:1'], ssl: false });
    const sasl = { OPS_KAFKA_SASL_MECHANISM: 'plain', OPS_KAFKA_SASL_USERNAME: 'u', OPS_KAFKA_SASL_PASSWORD: 'p' } as const;
    expect(kafkaSettingsOf({ ...base, ...sasl, OPS_KAFKA_SSL: true })).toEqual({
      brokers: ['b:1'],
      ssl: true,
      sasl: { mechanism: 'plain', username: 'u', password: 'p' },
    });
    expect(failureOf(() => kafkaSettingsOf({ ...base, OPS_KAFKA_SASL_USERNAME: 'u' })).exitCode).toBe(1);
  });
});

describe('the stack file', () => {
  it('lies in STACK_DIR, which counts from the clone', () => {
    const clone = stackDir({}).replace(/\.local$/, '');
    expect(stackDir({})).toBe(`${clone}.local`);
    expect(stackDir({ STACK_DIR: 'other' })).toBe(`${clone}other`);
    expect(stackDir({ STACK_DIR: '/abs/stack' })).toBe('/abs/stack');
    expect(clone).not.toContain('apps');
  });

  it('may hold more than this version knows', () => {
    expect(parseStackFile(JSON.stringify({ ...stack, later: true }), '/s/stack.json')).toMatchObject(stack);
  });

  it.each([
    ['{"kafkaBrokers":', 'the file'],
    [JSON.stringify({ ...stack, operatorToken: undefined }), 'operatorToken'],
  ])('is refused by name when it cannot be used', (text, named) => {
    const failure = failureOf(() => parseStackFile(text, '/s/stack.json'));
    expect(failure.code).toBe('stack_file_unreadable');
    expect(failure.findings[0]).toContain(named);
  });
});
