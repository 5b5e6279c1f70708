import { describe, expect, it } from '@jest/globals';
import { OpsError } from './ops-error';
import { errorText, exitCodeOfError } from './print-error';

describe('errorText', () => {
  it('says what, why, what to do and which request it was', () => {
    const error = new OpsError({
      code: 'invalid_body',
      what: 'export-orchestrator refused: Invalid body.',
      why: 'Two fields are wrong.',
      remedy: 'Mend them.',
      findings: ['name: too long', 'mapping.email: missing'],
      requestId: 'r-1',
    });
    expect(errorText(error)).toBe(
      [
        'Error: export-orchestrator refused: Invalid body.',
        'Why: Two fields are wrong. (invalid_body)',
        '  - name: too long',
        '  - mapping.email: missing',
        'Remedy: Mend them.',
        'Request: r-1',
        '',
      ].join('\n'),
    );
    expect(exitCodeOfError(error)).toBe(2);
  });

  it('leaves out what nobody knows', () => {
    expect(errorText(new OpsError({ code: 'x', what: 'It failed.', why: 'So.' }))).toBe('Error: It failed.\nWhy: So. (x)\n');
  });

  it('shows the stack of a fault of its own', () => {
    expect(errorText(new TypeError('no such thing'))).toMatch(/TypeError: no such thing\n +at /);
    expect(exitCodeOfError(new TypeError('no such thing'))).toBe(2);
  });
});
