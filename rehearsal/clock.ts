/** Something that will happen. */
interface Entry {
  atMs: number;
  /** Order among entries of the same time. */
  order: number;
  readonly action: () => void;
  /** Set for what happens again and again. */
  readonly periodMs: number | undefined;
  cancelled: boolean;
}

/** How often a caller hears how far the clock has come, in entries. */
const PROGRESS_STEP = 4096;

/**
 * Virtual time: runs actions in order of their time, those of one time in the order they were asked for. Times are
 * milliseconds since the objects were applied.
 */
export class Clock {
  /** A binary heap: no entry comes before the one at half its index. Index 0 is unused. */
  private readonly heap: (Entry | undefined)[] = [undefined];
  private orders = 0;
  private current = 0;

  get now(): number {
    return this.current;
  }

  /** Runs an action once; a time that has passed means now. */
  at(atMs: number, action: () => void): void {
    this.add(atMs, action, undefined);
  }

  after(delayMs: number, action: () => void): void {
    this.at(this.current + delayMs, action);
  }

  /**
   * Runs an action at `firstMs` and then every `periodMs`.
   * @returns what ends it
   */
  every(firstMs: number, periodMs: number, action: () => void): () => void {
    const entry = this.add(firstMs, action, periodMs);
    return () => {
      entry.cancelled = true;
    };
  }

  /** Runs everything up to and with a time. */
  run(untilMs: number, onProgress?: (atMs: number) => void): void {
    let count = 0;
    for (let next = this.heap[1]; next && next.atMs <= untilMs; next = this.heap[1]) {
      this.current = next.atMs;
      if (next.cancelled) {
        this.removeFirst();
        continue;
      }
      if (next.periodMs === undefined) this.removeFirst();
      else this.postponeFirst(next, next.periodMs);
      next.action();
      if (++count % PROGRESS_STEP === 0) onProgress?.(this.current);
    }
    this.current = untilMs;
  }

  private add(atMs: number, action: () => void, periodMs: number | undefined): Entry {
    const order = this.orders++;
    const entry: Entry = { atMs: Math.max(atMs, this.current), order, action, periodMs, cancelled: false };
    this.heap.push(entry);
    this.rise(entry, this.heap.length - 1);
    return entry;
  }

  private postponeFirst(entry: Entry, periodMs: number): void {
    entry.atMs += periodMs;
    entry.order = this.orders++;
    this.sink(entry);
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (last && this.heap.length > 1) this.sink(last);
  }

  private rise(entry: Entry, from: number): void {
    let index = from;
    for (;;) {
      const parent = this.heap[index >> 1];
      if (!parent || before(parent, entry)) break;
      this.heap[index] = parent;
      index >>= 1;
    }
    this.heap[index] = entry;
  }

  /** Puts an entry where it belongs, starting at the top. */
  private sink(entry: Entry): void {
    let index = 1;
    for (;;) {
      let child = index * 2;
      const left = this.heap[child];
      if (!left) break;
      const right = this.heap[child + 1];
      const smaller = right && before(right, left) ? right : left;
      if (smaller === right) child++;
      if (before(entry, smaller)) break;
      this.heap[index] = smaller;
      index = child;
    }
    this.heap[index] = entry;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
