/**
 * Whether a moment lies strictly after another one, both in milliseconds. Compared to the nanosecond, as the
 * controller does, so that a fraction of a millisecond does not break a tie.
 */
export function isAfter(moment: number, other: number): boolean {
  return (moment - other) * 1e6 >= 0.5;
}

/** Whether a moment lies strictly before another one. */
export function isBefore(moment: number, other: number): boolean {
  return isAfter(other, moment);
}
