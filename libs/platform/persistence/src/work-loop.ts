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
  private awake = false;
  private wakeUp: () => void = () => undefined;

  constructor(private readonly options: WorkLoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Makes the loop look now, or once more after the step that is under way. */
  wake(): void {
    this.awake = true;
    this.wakeUp();
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.awake = false;
      if ((await this.step()) === 'again' || this.awake) continue;
      await this.pause();
    }
  }

  private async step(): Promise<'again' | 'idle'> {
    try {
      return await this.options.work();
    } catch (error) {
      this.options.onError(error);
      this.awake = false;
      return 'idle';
    }
  }

  private pause(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.options.pollMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
