import { describe, expect, it } from '@jest/globals';
import { readStartOptions } from './start-options';

describe('readStartOptions', () => {
  it('starts one of each, exports the sample and stays up by default', () => {
    expect(readStartOptions([])).toEqual({ exit: false, sample: true, instances: {} });
  });

  it('takes instances of several services, repeated or separated by commas', () => {
    const args = [
      '--exit',
      '--no-sample',
      '--instances',
      'klaviyo-sink=2,connection-service=3',
      '--instances',
      'export-orchestrator=2',
    ];
    expect(readStartOptions(args)).toEqual({
      exit: true,
      sample: false,
      instances: { 'klaviyo-sink': 2, 'connection-service': 3, 'export-orchestrator': 2 },
    });
  });

  it.each([
    ['--instances', 'klaviyo-sinc=2', 'there is no service "klaviyo-sinc"'],
    ['--instances', 'klaviyo-sink', 'N must be a whole number'],
    ['--instances', 'klaviyo-sink=0', 'N must be a whole number'],
    ['--instances', 'klaviyo-simulator=2', 'only one klaviyo-simulator'],
    ['--exits', '', "'--exits'"],
  ])('refuses %s %s and says why', (option, value, why) => {
    expect(() => readStartOptions([option, value].filter(Boolean))).toThrow(why);
  });
});
