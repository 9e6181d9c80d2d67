import { asReason, type Deadline } from './deadline';

/** At most so many at a time; the others wait in the order in which they came. */
export class Permits {
  private free: number;
  /** A set keeps its order and forgets in constant time those who gave up. */
  private readonly waiting = new Set<() => void>();

  constructor(size: number) {
    this.free = size;
  }

  /** @throws SourceError when the time is over before there is one */
  take({ signal }: Deadline): Promise<void> {
    if (signal.aborted) return Promise.reject(asReason(signal));
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.waiting.delete(enter);
        reject(asReason(signal));
      };
      const enter = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
      this.waiting.add(enter);
    });
  }

  give(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.free += 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
