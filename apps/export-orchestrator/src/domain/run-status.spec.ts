import { runStatuses } from '@courier/contracts';
import { describe, expect, it } from '@jest/globals';
import { assertTransition, displayStatus, isTerminal } from './run-status';

describe('the statuses of a run', () => {
  it('lets no terminal status go on', () => {
    for (const from of runStatuses.filter(isTerminal)) {
      for (const to of runStatuses.filter((status) => status !== from)) {
        expect(() => assertTransition(from, to)).toThrow(expect.objectContaining({ code: 'illegal_run_transition' }));
      }
    }
  });

  it('takes the way of a run that is planned, delivered and finished', () => {
    const way = ['queued', 'planning', 'running', 'completed_with_errors'] as const;
    for (const [index, from] of way.slice(0, -1).entries())
      expect(() => assertTransition(from, way[index + 1] ?? from)).not.toThrow();
  });

  it('refuses to run what was not planned', () => {
    expect(() => assertTransition('queued', 'running')).toThrow(expect.objectContaining({ code: 'illegal_run_transition' }));
  });

  it("has Customer Insights' word for each", () => {
    expect(runStatuses.map(displayStatus)).not.toContain(undefined);
  });
});
