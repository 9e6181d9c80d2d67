/**
 * A moment or a length of time in nanoseconds, always a whole number: the unit in which the controller compares. A
 * difference of two moments is exact while it is shorter than 104 days, however late the moments are.
 */
export type Nanoseconds = number;

export const SECOND: Nanoseconds = 1e9;

const MILLISECOND: Nanoseconds = 1e6;

/** Nanoseconds of milliseconds, which need not be whole. */
export function fromMilliseconds(milliseconds: number): Nanoseconds {
  return Math.round(milliseconds * MILLISECOND);
}

/** Nanoseconds of seconds by truncation, as `time.Duration(seconds * 1e9)` in Go. */
export function fromSeconds(seconds: number): Nanoseconds {
  return Math.trunc(seconds * SECOND) + 0;
}
