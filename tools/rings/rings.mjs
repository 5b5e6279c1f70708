/**
 * Jest's rings: which configuration runs which specs of a project. `path` continues the project's folder; `ownStacks`: its specs start
 * stacks of their own to break them, so that none is started for the whole ring.
 */
export const rings = {
  unit: { config: 'unit' },
  integration: { config: 'integration' },
  docs: { config: 'integration' },
  journeys: { config: 'e2e', path: 'src/(?!(outages|scale-out|rewind|stack-lifecycle|replay|runbook)\\.)' },
  runbook: { config: 'e2e', path: 'src/runbook\\.' },
  outages: { config: 'e2e', path: 'src/outages\\.', ownStacks: true },
  stacks: { config: 'e2e', path: 'src/(scale-out|rewind|stack-lifecycle)\\.', ownStacks: true },
  replay: { config: 'e2e', path: 'src/replay\\.', ownStacks: true },
};
