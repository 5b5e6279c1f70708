/** How many imports of one account run side by side: starts low, grows with success, halves when Klaviyo throttles. */
export class Concurrency {
  private current = 2;
  private successes = 0;

  constructor(private readonly max: number) {}

  get limit(): number {
    return Math.min(this.current, this.max);
  }

  succeeded(): void {
    this.successes += 1;
    if (this.successes < this.current) return;
    this.successes = 0;
    this.current = Math.min(this.max, this.current + 1);
  }

  throttled(): void {
    this.successes = 0;
    this.current = Math.max(1, Math.floor(this.current / 2));
  }
}
