/** Tells whoever works on a request that nobody waits for it any more. The signal is made only if somebody asks for it. */
export class RequestSignal {
  private controller: AbortController | undefined;
  private reason: string | undefined;
  private clientGone = false;

  /** Whether the client is gone; a request that took too long still has one. */
  get closed(): boolean {
    return this.clientGone;
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.reason !== undefined) this.controller.abort(new Error(this.reason));
    }
    return this.controller.signal;
  }

  /** The client went away, with or without an answer. */
  close(): void {
    this.clientGone = true;
    this.abort('the client went away');
  }

  /** The first reason stays. */
  abort(reason: string): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.controller?.abort(new Error(reason));
  }
}
