// The order of the ring's files is Jest's own, but for the one that scans what all the others left behind.
const { default: Sequencer } = require('@jest/test-sequencer');

const LAST = /left-behind\.e2e\.spec\.ts$/;

module.exports = class LastThingsLast extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(({ path }) => !LAST.test(path)), ...sorted.filter(({ path }) => LAST.test(path))];
  }
};
