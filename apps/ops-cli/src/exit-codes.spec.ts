import { describe, expect, it } from '@jest/globals';
import { exitCodeOfRun, exitCodeWithoutRun } from './exit-codes';

describe('exitCodeOfRun', () => {
  it.each([
    ['succeeded', 0],
    ['failed', 2],
    ['canceled', 2],
    ['skipped', 2],
    ['superseded', 2],
    ['completed_with_errors', 3],
    ['awaiting_approval', 4],
  ] as const)('tells %s by %i', (status, exitCode) => {
    expect(exitCodeOfRun({ status })).toBe(exitCode);
  });
});

describe('exitCodeWithoutRun', () => {
  it.each([
    ['recorded', 0],
    ['ignored', 2],
    [null, 2],
  ] as const)('tells an event that is %s by %i', (verdict, exitCode) => {
    expect(exitCodeWithoutRun(verdict)).toBe(exitCode);
  });
});
