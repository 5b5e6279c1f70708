/** The source of time for code whose result depends on it, so that a spec can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
