import { describe, expect, it } from '@jest/globals';
import { WorkLoop } from './work-loop';

const HOUR_MS = 3_600_000;

/** A loop whose steps the spec ends one by one. */
class SteppedLoop {
  readonly errors: unknown[] = [];
  readonly loop: WorkLoop;
  private readonly begun: (() => void)[] = [];
  private readonly steps: { resolve: (next: 'again' | 'idle') => void; reject: (error: unknown) => void }[] = [];
  private count = 0;

  constructor(pollMs = HOUR_MS) {
    const onError = (error: unknown) => void this.errors.push(error);
    this.loop = new WorkLoop({ name: 'spec', pollMs, work: () => this.work(), onError });
  }

  get stepsBegun(): number {
    return this.count;
  }

  /** The step that begins next or is under way. */
  async step() {
    if (this.steps.length === 0) await new Promise<void>((resolve) => this.begun.push(resolve));
    const step = this.steps.shift();
    if (step === undefined) throw new Error('no step has begun');
    return step;
  }

  private work(): Promise<'again' | 'idle'> {
    this.count += 1;
    return new Promise((resolve, reject) => {
      this.steps.push({ resolve, reject });
      this.begun.shift()?.();
    });
  }
}

/** Everything that is due without a timer has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a work loop', () => {
  it('looks at once when it starts, again when asked to, and then waits', async () => {
    const stepped = new SteppedLoop();
    stepped.loop.start();
    (await stepped.step()).resolve('again');
    (await stepped.step()).resolve('idle');
    await settled();
    expect(stepped.stepsBegun).toBe(2);
    await stepped.loop.stop();
  });

  it('looks when it is woken', async () => {
    const stepped = new SteppedLoop();
    stepped.loop.start();
    (await stepped.step()).resolve('idle');
    await settled();
    stepped.loop.wake();
    (await stepped.step()).resolve('idle');
    await stepped.loop.stop();
    expect(stepped.stepsBegun).toBe(2);
  });

  it('does not lose a wake-up that comes during a step', async () => {
    const stepped = new SteppedLoop();
    stepped.loop.start();
    const step = await stepped.step();
    stepped.loop.wake();
    step.resolve('idle');
    (await stepped.step()).resolve('idle');
    await settled();
    expect(stepped.stepsBegun).toBe(2);
    await stepped.loop.stop();
  });

  it('looks by itself after the pause', async () => {
    const stepped = new SteppedLoop(1);
    stepped.loop.start();
    (await stepped.step()).resolve('idle');
    (await stepped.step()).resolve('idle');
    (await stepped.step()).resolve('idle');
    await stepped.loop.stop();
  });

  it('tells about an error and pauses, even if it was woken during the step', async () => {
    const stepped = new SteppedLoop();
    stepped.loop.start();
    const step = await stepped.step();
    stepped.loop.wake();
    step.reject(new Error('broken'));
    await settled();
    expect(stepped.errors).toEqual([new Error('broken')]);
    expect(stepped.stepsBegun).toBe(1);
    stepped.loop.wake();
    (await stepped.step()).resolve('idle');
    await stepped.loop.stop();
  });

  it('stops when the step under way has ended, and begins no other', async () => {
    const stepped = new SteppedLoop();
    stepped.loop.start();
    const step = await stepped.step();
    let stopped = false;
    const stopping = stepped.loop.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    step.resolve('again');
    await stopping;
    expect(stepped.stepsBegun).toBe(1);
  });

  it('stops at once while it waits, or when it was never started', async () => {
    const stepped = new SteppedLoop();
    await stepped.loop.stop();
    const waiting = new SteppedLoop();
    waiting.loop.start();
    (await waiting.step()).resolve('idle');
    await settled();
    await waiting.loop.stop();
    expect(waiting.stepsBegun).toBe(1);
  });
});
