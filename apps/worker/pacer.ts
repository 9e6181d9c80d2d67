/**
 * Keeps the use of CPU at a rate, by saying how long to rest: what was used is weighed against what the time that went
 * by allows. What was not used is not saved up, except for a moment's worth.
 */
export class Pacer {
  /** CPU time that may be used at once, in milliseconds; below zero what was used too much. */
  private balanceMs = 0;
  private usedMs: number;

  /**
   * @param cores CPU time a second, in seconds
   * @param burstMs what may be saved up, as time at that rate
   * @param usedMs CPU time that was used until now, in milliseconds
   */
  constructor(
    private readonly cores: number,
    private readonly burstMs: number,
    usedMs: number,
    private nowMs: number,
  ) {
    this.usedMs = usedMs;
  }

  /** How long to rest, in milliseconds. @param usedMs CPU time that was used until now */
  restMs(usedMs: number, nowMs: number): number {
    const earned = (nowMs - this.nowMs) * this.cores;
    const spent = usedMs - this.usedMs;
    this.nowMs = nowMs;
    this.usedMs = usedMs;
    this.balanceMs = Math.min(this.balanceMs + earned - spent, this.burstMs * this.cores);
    return this.balanceMs < 0 ? -this.balanceMs / this.cores : 0;
  }
}
