const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { Socket } = require('node:net');
const { join, relative } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { TestEnvironment } = require('jest-environment-node');

const root = join(__dirname, '../..');
const LEFT_MAX_MS = 10_000;
const LAST_LINES = 8;

/**
 * Where every spec runs: it fails a file that leaves a connection, a server or a process behind, instead of the worker that cannot
 * end later; and beside each failed test it prints what the next person needs, because the stack is gone when he reads it.
 */
module.exports = class SpecEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.file = relative(root, context.testPath);
    this.before = new Set(openHandles());
  }

  handleTestEvent(event) {
    if (event.name !== 'test_done' || event.test.errors.length === 0) return;
    this.hasFailed = true;
    const lastSeen = this.global.lastSeen;
    console.error(
      [
        `\n${this.file} failed: ${event.test.name}`,
        ...(lastSeen === undefined ? [] : [`seen last: ${JSON.stringify(lastSeen).slice(0, 4_000)}`]),
        ...logTails(this.global.process.env.E2E_STACK_DIR),
        `repeat it: npm run test:again -- ${this.file} --times 5`,
      ].join('\n'),
    );
  }

  async teardown() {
    const left = await stillOpen(this.before);
    await super.teardown();
    if (left.length === 0) return;
    // Jest would wait for them for ever.
    for (const handle of left) (handle.destroy ?? handle.kill ?? handle.close ?? (() => undefined)).call(handle);
    const leak = `${this.file} has ended and left open: ${left.map(describe).join(', ')}`;
    // An error from here takes the place of the tests' results; who failed already may have left things open for that.
    if (this.hasFailed) console.error(leak);
    else throw new Error(leak);
  }
};

/**
 * Connections, servers and child processes that keep this process alive; idle ones of a client's pool do not. Pipes are left out: a
 * worker opens those of its own output when something is printed first, and a child's come with the child.
 */
function openHandles() {
  const isPipe = (handle) => handle instanceof Socket && handle.remotePort === undefined;
  return process._getActiveHandles().filter((handle) => (handle.hasRef?.() ?? true) && !isPipe(handle));
}

async function stillOpen(before) {
  const deadline = performance.now() + LEFT_MAX_MS;
  for (;;) {
    const left = openHandles().filter((handle) => !before.has(handle));
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(20);
  }
}

function describe(handle) {
  const where = handle.spawnfile ?? handle.remotePort ?? handle.address?.()?.port ?? '';
  return `${handle.constructor.name} ${where}`.trim();
}

/** What the services of the spec's stack wrote last. */
function logTails(dir) {
  const file = dir === undefined ? '' : join(dir, 'stack.json');
  if (!existsSync(file)) return [];
  const { logs } = JSON.parse(readFileSync(file, 'utf8'));
  return readdirSync(logs)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => [`--- ${name}`, ...readFileSync(join(logs, name), 'utf8').trimEnd().split('\n').slice(-LAST_LINES)]);
}
