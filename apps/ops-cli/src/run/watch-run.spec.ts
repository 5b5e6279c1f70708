import { describe, expect, it } from '@jest/globals';
import type { Run } from '@courier/contracts';
import { OpsError } from '../ops-error';
import { runProgress } from './run-progress';
import { followRun } from './watch-run';

const down = new OpsError({ code: 'unreachable', what: 'down', why: 'down', retryable: true });

/** Answers with the given statuses one after the other; an error is thrown. */
function answering(...answers: (Run['status'] | OpsError)[]) {
  const shown: string[] = [];
  let ended = 0;
  const call = <T>(): Promise<T> => {
    const answer = answers.shift();
    if (answer instanceof OpsError) return Promise.reject(answer);
    return Promise.resolve({ status: answer } as T);
  };
  const progress = { show: ({ status }: Run) => void shown.push(status), say: () => undefined, end: () => void (ended += 1) };
  return { api: { call }, progress, shown, ended: () => ended };
}

describe('runProgress', () => {
  it('puts what is said on lines of its own, which wrap, and goes on with a bar below', () => {
    let text = '';
    const write = (chunk: string) => (text += chunk) !== '';
    const move = () => true;
    const stream = { isTTY: true, columns: 80, write, cursorTo: move, clearLine: move, moveCursor: move, clearScreenDown: move };
    const progress = runProgress(stream as unknown as NodeJS.WriteStream);
    progress.say('See there');
    progress.end();
    const [wrapOff, wrapOn] = ['\u001b[?7l', '\u001b[?7h'];
    const seen = [wrapOff, wrapOn, 'See there\n', wrapOff].map((part, index) =>
      text.indexOf(part, index === 3 ? text.indexOf('See') : 0),
    );
    expect(seen).not.toContain(-1);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
  });
});

describe('followRun', () => {
  it('follows a run to its end', async () => {
    const { api, progress, shown, ended } = answering('queued', 'running', 'succeeded');
    await expect(followRun(api, 'r', progress, 1)).resolves.toEqual({ status: 'succeeded' });
    expect(shown).toEqual(['queued', 'running', 'succeeded']);
    expect(ended()).toBe(1);
  });

  it('stops where a run waits for a person', async () => {
    const { api, progress } = answering('running', 'awaiting_approval');
    await expect(followRun(api, 'r', progress, 1)).resolves.toEqual({ status: 'awaiting_approval' });
  });

  it('goes on when the service was away for a moment', async () => {
    const { api, progress, shown } = answering('running', down, down, 'succeeded');
    await followRun(api, 'r', progress, 1);
    expect(shown).toEqual(['running', 'succeeded']);
  });

  it('gives up at once when there is no such run', async () => {
    const missing = new OpsError({ code: 'run_not_found', what: 'no run', why: 'no run' });
    const { api, progress, ended } = answering(missing, 'succeeded');
    await expect(followRun(api, 'r', progress, 1)).rejects.toBe(missing);
    expect(ended()).toBe(1);
  });
});
