/** The clock and the alarm of what happens now and then; a test turns them by hand. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Calls once after so many milliseconds.
   * @returns what takes it back
   */
  after(ms: number, call: () => void): () => void;
}

/** The longest that Node waits; anything longer would be called at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Those of the process, which does not stay for them alone. */
export const systemTimers: Timers = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, LONGEST_MS)).unref();
    return () => clearTimeout(timer);
  },
};
