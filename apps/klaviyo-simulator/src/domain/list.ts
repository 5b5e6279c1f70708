export type OptInProcess = 'double_opt_in' | 'single_opt_in';

export interface ListFlow {
  id: string;
  name: string;
  status: string;
}

/** A list and its members, kept in the order in which they joined; joining again changes nothing. */
export class List {
  readonly members: number[] = [];
  readonly joinedAt: number[] = [];
  private readonly positions = new Map<number, number>();

  constructor(
    readonly id: string,
    /** Klaviyo's document lets both be null. */
    readonly name: string | null,
    readonly optInProcess: OptInProcess | null,
    readonly flows: readonly ListFlow[],
    readonly createdAt: number,
  ) {}

  get count(): number {
    return this.members.length;
  }

  join(profile: number, now: number): void {
    if (this.positions.has(profile)) return;
    this.positions.set(profile, this.members.length);
    this.members.push(profile);
    this.joinedAt.push(now);
  }

  positionOf(profile: number): number | null {
    return this.positions.get(profile) ?? null;
  }
}
