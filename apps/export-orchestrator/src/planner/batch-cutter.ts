import { klaviyoLimits } from '../domain/klaviyo-profile';

/** A batch as a range of the people's order. */
export interface Cut {
  /** Index of its first person. */
  first: number;
  rows: number;
}

/** Cuts greedily: a batch takes people, in order, until the next one would break a limit. */
export class BatchCutter {
  readonly cuts: Cut[] = [];
  private bytes = 0;
  private people = 0;

  constructor(
    private readonly rowsMax: number = klaviyoLimits.batchRowsMax,
    private readonly bytesMax: number = klaviyoLimits.batchBytesMax - klaviyoLimits.envelopeBytes,
  ) {}

  /** `profileBytes`: length of the next person's JSON text. */
  add(profileBytes: number): void {
    const current = this.cuts.at(-1);
    const withComma = this.bytes + 1 + profileBytes;
    if (current && current.rows < this.rowsMax && withComma <= this.bytesMax) {
      current.rows += 1;
      this.bytes = withComma;
    } else {
      this.cuts.push({ first: this.people, rows: 1 });
      this.bytes = profileBytes;
    }
    this.people += 1;
  }
}
