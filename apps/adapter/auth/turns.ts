/** How many may work at a time, and how many may wait for it. */
export interface TurnLimits {
  /** That work; those beyond wait in the order in which they came. */
  readonly concurrent: number;
  /** That wait; without it as many as come. */
  readonly waiting?: number | undefined;
  /** Of one client, working and waiting together; without it as many as come. */
  readonly perClient?: number | undefined;
}

/** Somebody whose turn has not come yet. */
interface Waiting {
  readonly go: () => void;
}

/** Gives turns: a few work at a time, a few more wait, and no client takes all of either. */
export class Turns {
  private readonly waiting = new Set<Waiting>();
  private readonly perClient = new Map<string, number>();
  private working = 0;

  constructor(private readonly limits: TurnLimits) {}

  /** Whether there is no place left, not even to wait. */
  isFull(client: string | undefined): boolean {
    const { concurrent, waiting = Infinity, perClient = Infinity } = this.limits;
    if (client !== undefined && (this.perClient.get(client) ?? 0) >= perClient) return true;
    return this.working >= concurrent && this.waiting.size >= waiting;
  }

  /**
   * Does some work in its turn.
   * @param client whose places it takes; undefined for somebody whose places are not counted
   * @param signal gives up the place of work that has not begun
   * @throws what the work throws, or the reason of the signal
   */
  async work<Result>(
    client: string | undefined,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    this.count(client, 1);
    try {
      await this.turn(signal);
      try {
        return await work();
      } finally {
        this.handOn();
      }
    } finally {
      this.count(client, -1);
    }
  }

  /** @throws the reason of the signal if it is aborted before the turn comes */
  private async turn(signal: AbortSignal): Promise<void> {
    if (this.working < this.limits.concurrent) {
      this.working += 1;
      return;
    }
    const came = await new Promise<boolean>((resolve) => {
      const leave = () => {
        this.waiting.delete(waiting);
        resolve(false);
      };
      const waiting = {
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve(true);
        },
      };
      this.waiting.add(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
    if (!came) signal.throwIfAborted();
  }

  /** The turn goes to who waits longest: given back first, it could be taken by somebody who has just come. */
  private handOn(): void {
    const [next] = this.waiting;
    if (next) {
      this.waiting.delete(next);
      next.go();
    } else {
      this.working -= 1;
    }
  }

  private count(client: string | undefined, change: number): void {
    if (client === undefined) return;
    const places = (this.perClient.get(client) ?? 0) + change;
    if (places > 0) this.perClient.set(client, places);
    else this.perClient.delete(client);
  }
}
