const { default: Sequencer } = require('@jest/test-sequencer');

// A fresh clone knows no durations yet, and a long file that comes last keeps one worker busy while the others have nothing left.
const longest = [
  'killed-replay',
  'planner-process',
  '/replay.',
  '/deliveries.',
  'replayed-',
  'ownership',
  '/intake.',
  'network',
  'process-set',
];

/** The order of the integration ring's files: those that kill and restart first. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = longest.findIndex((name) => path.includes(name));
      return found === -1 ? longest.length : found;
    };
    return super.sort(tests).sort((left, right) => rank(left) - rank(right));
  }
};
