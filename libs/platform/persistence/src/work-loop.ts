import { WakeUp } from './wake-up';

export interface WorkLoopOptions {
  name: string;
  /** Longest pause between two looks for work; a wake-up shortens it. */
  pollMs: number;
  /** One step. `again` asks for the next one at once. */
  work: () => Promise<'again' | 'idle'>;
  /** Told about every failed step; the loop goes on after `pollMs`. */
  onError: (error: unknown) => void;
}

/** Looks for work when woken and otherwise every `pollMs`, one step at a time. */
export class WorkLoop {
  private running: Promise<void> | null = null;
  private stopping = false;
  private readonly wakeUp = new WakeUp();

  constructor(private readonly options: WorkLoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Makes the loop look now, or once more after the step that is under way. */
  wake(): void {
    this.wakeUp.call();
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp.call();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.wakeUp.forget();
      const next = await this.step();
      if (next === 'idle' && !this.stopping) await this.wakeUp.within(this.options.pollMs);
    }
  }

  private async step(): Promise<'again' | 'idle'> {
    try {
      return await this.options.work();
    } catch (error) {
      this.options.onError(error);
      this.wakeUp.forget();
      return 'idle';
    }
  }
}
