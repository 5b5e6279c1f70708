import { spawn } from 'node:child_process';

const running = new Set();
let stopping = false;

/**
 * Runs a command in a process group of its own and resolves with its exit code. When this process is told to stop, the whole
 * group goes with it: npm, Maven and Nx start children that would otherwise stay.
 */
export function run(command, args, options = {}) {
  if (stopping) return new Promise(() => {});
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options, detached: true });
    running.add(child);
    child.once('error', (error) => {
      running.delete(child);
      if (!stopping) reject(error);
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      // Once we are stopping, nobody may act on how a command ended.
      if (!stopping) resolve(code ?? (signal ? 128 : 1));
    });
    options.onSpawn?.(child);
  });
}

function endChildren(signal) {
  for (const child of running) {
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/**
 * Makes Ctrl-C and SIGTERM end the running commands and then this process. Commands that do not go in time, or when the signal
 * comes again later, are killed. The death of npm counts as a signal. Returns a function that takes the handlers away again.
 */
export function stopOnSignals({ beforeExit = async () => {}, graceMs = 8_000 } = {}) {
  const exitCodes = { SIGINT: 130, SIGTERM: 143 };
  // One Ctrl-C arrives twice: from the terminal and passed on by npm.
  const sameSignalMs = 1_000;
  let firstAt = 0;
  const stop = (exitCode) => {
    if (stopping) {
      if (Date.now() - firstAt > sameSignalMs && running.size > 0) endChildren('SIGKILL');
      return;
    }
    stopping = true;
    firstAt = Date.now();
    endChildren('SIGTERM');
    setTimeout(() => endChildren('SIGKILL'), graceMs);
    const poll = setInterval(() => {
      if (running.size > 0) return;
      clearInterval(poll);
      void beforeExit().finally(() => process.exit(exitCode));
    }, 50);
  };
  const handlers = Object.entries(exitCodes).map(([signal, exitCode]) => [signal, () => stop(exitCode)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  // Our parent is npm itself (the scripts of package.json say exec). When it is killed, nobody can reach us any more.
  const npm = process.ppid;
  const lostNpm = () => process.env.npm_lifecycle_event && process.ppid !== npm;
  const watch = setInterval(() => !stopping && lostNpm() && stop(exitCodes.SIGTERM), 1_000);
  watch.unref();
  return () => {
    clearInterval(watch);
    handlers.forEach(([signal, handler]) => process.off(signal, handler));
  };
}
