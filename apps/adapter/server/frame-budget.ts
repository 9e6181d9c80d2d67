/** How many events of one kind a connection may have in a window of time. */
export class FrameBudget {
  private startedMs = -Infinity;
  private spent = 0;

  constructor(
    private readonly most: number,
    private readonly windowMs: number,
    private readonly now: () => number,
  ) {}

  /** One more event. @returns whether it is one too many */
  spend(): boolean {
    const now = this.now();
    if (now - this.startedMs >= this.windowMs) {
      this.startedMs = now;
      this.spent = 0;
    }
    this.spent += 1;
    return this.spent > this.most;
  }
}
