/** Ends a request when its caller wants that, or when nothing was heard for too long. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(caller: AbortSignal, ms: number, message: string) {
    this.timer = setTimeout(() => this.controller.abort(new Error(message)), ms);
    this.signal = AbortSignal.any([caller, this.controller.signal]);
  }

  /** Something was heard. */
  renew(): void {
    this.timer.refresh();
  }

  /** @throws the reason of an abort, where Node would only say that there was one */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.signal.aborted ? this.signal.reason : error;
    } finally {
      clearTimeout(this.timer);
    }
  }
}
