import { describe, expect, it } from '@jest/globals';
import { exitCodeOfRun } from './exit-codes';

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
