/** What was opened and has to be closed, whether everything started or only half of it. */
export class OpenParts {
  private readonly closings: (() => unknown)[] = [];

  /** @param close ends something that was opened, however far it came */
  add(close: () => unknown): void {
    this.closings.push(close);
  }

  /** Closes all, the last first; what fails keeps no other from being closed. */
  async close(): Promise<void> {
    for (const close of this.closings.splice(0).reverse()) {
      await Promise.allSettled([Promise.resolve().then(close)]);
    }
  }
}
