/** A pause that a call ends early. A call that comes while nobody pauses counts for the next pause. */
export class WakeUp {
  private called = false;
  private endPause: () => void = () => undefined;

  call(): void {
    this.called = true;
    this.endPause();
  }

  /** What was called until now counts for nothing. */
  forget(): void {
    this.called = false;
  }

  async within(ms: number): Promise<void> {
    if (!this.called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.called = false;
  }
}
