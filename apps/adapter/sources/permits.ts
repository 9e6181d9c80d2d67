import { asReason, type Deadline } from './deadline';

interface Waiting {
  readonly subject: string | undefined;
  readonly enter: () => void;
}

/**
 * At most so many at a time, and half of them for one subject, so that a slow one leaves room for the others. Who waits
 * comes in the order of arrival, as far as there is room.
 */
export class Permits {
  private readonly mostOfOne: number;
  private readonly taken = new Map<string, number>();
  /** A set keeps its order and forgets in constant time those who gave up. */
  private readonly waiting = new Set<Waiting>();

  constructor(private free: number) {
    this.mostOfOne = Math.max(1, Math.ceil(free / 2));
  }

  /**
   * @param subject whose question it is; `undefined` for one that no other can be held up by
   * @throws SourceError when the time is over before there is one
   */
  take({ signal }: Deadline, subject: string | undefined): Promise<void> {
    if (signal.aborted) return Promise.reject(asReason(signal));
    if (this.hasRoom(subject)) {
      this.enter(subject);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.waiting.delete(waiting);
        reject(asReason(signal));
      };
      const enter = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const waiting = { subject, enter };
      signal.addEventListener('abort', stop, { once: true });
      this.waiting.add(waiting);
    });
  }

  give(subject: string | undefined): void {
    this.free += 1;
    if (subject !== undefined) {
      const left = (this.taken.get(subject) ?? 0) - 1;
      if (left > 0) this.taken.set(subject, left);
      else this.taken.delete(subject);
    }
    for (const next of this.waiting) {
      if (!this.hasRoom(next.subject)) continue;
      this.waiting.delete(next);
      this.enter(next.subject);
      next.enter();
      return;
    }
  }

  private hasRoom(subject: string | undefined): boolean {
    return this.free > 0 && (subject === undefined || (this.taken.get(subject) ?? 0) < this.mostOfOne);
  }

  private enter(subject: string | undefined): void {
    this.free -= 1;
    if (subject !== undefined) this.taken.set(subject, (this.taken.get(subject) ?? 0) + 1);
  }
}
