import { type Labels } from '../../kube/selector';
import { type Window } from './window';

const FIRST_CAPACITY = 16;

/**
 * The samples of one series in order of time. Times are whole milliseconds, values are doubles. A handle stays valid
 * for as long as its store: a series that lost all its samples comes back with the next one.
 */
export class Series {
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  #stale = new Uint8Array(0);
  /** Start timestamps; absent as long as no sample has one. */
  #starts: Float64Array | undefined;
  #length = 0;
  readonly #onFirstSample: (series: Series) => void;

  /**
   * @param id position in the order of creation
   * @param labels with metric name, canonical
   * @param onFirstSample called when a series without samples gets one
   */
  constructor(
    readonly id: number,
    readonly labels: Labels,
    onFirstSample: (series: Series) => void,
  ) {
    this.#onFirstSample = onFirstSample;
  }

  /** How many samples there are, staleness markers included. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds a sample. One that is not newer than the newest is dropped, as Prometheus drops it from a scrape.
   * @param startMs when the counter was zero, if that is known; 0 if not
   */
  append(atMs: number, value: number, startMs = 0): void {
    this.#push(atMs, value, 0, startMs);
  }

  /** Says that the series ended here: instant selectors do not see it from this time on, until the next sample. */
  markStale(atMs: number): void {
    this.#push(atMs, Number.NaN, 1, 0);
  }

  /** The newest value in the left-open window of `lookbackMs` before `atMs`, unless the series is stale by then. */
  valueAt(atMs: number, lookbackMs: number): number | undefined {
    const index = this.#newestAt(atMs, lookbackMs);
    return index < 0 ? undefined : this.#values[index];
  }

  /** Time and start timestamp of the sample that {@link valueAt} gives the value of. */
  timesAt(atMs: number, lookbackMs: number): { readonly atMs: number; readonly startMs: number } | undefined {
    const index = this.#newestAt(atMs, lookbackMs);
    if (index < 0) return undefined;
    return { atMs: this.#times[index] ?? 0, startMs: this.#starts?.[index] ?? 0 };
  }

  /** Copies the samples of the window after `fromMs`, up to and with `toMs`, without staleness markers. */
  readInto(window: Window, fromMs: number, toMs: number): void {
    const end = this.#countUntil(toMs);
    const start = this.#countUntil(fromMs);
    const starts = this.#starts;
    window.clear(end - start);
    for (let index = start; index < end; index++) {
      if (this.#stale[index] === 0) {
        window.add(this.#times[index] ?? 0, this.#values[index] ?? 0, starts?.[index]);
      }
    }
  }

  /** Whether there is a sample, stale or not, in the closed interval. */
  hasSampleBetween(fromMs: number, toMs: number): boolean {
    const index = this.#countUntil(toMs) - 1;
    return index >= 0 && (this.#times[index] ?? 0) >= fromMs;
  }

  /** Drops the samples older than `beforeMs`. Frees the memory if none is left. */
  truncate(beforeMs: number): void {
    let first = this.#countUntil(beforeMs);
    if (first > 0 && this.#times[first - 1] === beforeMs) first--;
    if (first === 0) return;
    const left = this.#length - first;
    if (left === 0) {
      this.#resize(0);
    } else {
      this.#times.copyWithin(0, first, this.#length);
      this.#values.copyWithin(0, first, this.#length);
      this.#stale.copyWithin(0, first, this.#length);
      this.#starts?.copyWithin(0, first, this.#length);
    }
    this.#length = left;
  }

  /** Where that sample is; -1 if there is none. */
  #newestAt(atMs: number, lookbackMs: number): number {
    const index = this.#countUntil(atMs) - 1;
    if (index < 0 || this.#stale[index] === 1) return -1;
    return (this.#times[index] ?? 0) > atMs - lookbackMs ? index : -1;
  }

  #push(atMs: number, value: number, stale: 0 | 1, startMs: number): void {
    const length = this.#length;
    if (length > 0 && atMs <= (this.#times[length - 1] ?? 0)) return;
    if (length === this.#times.length) this.#resize(Math.max(FIRST_CAPACITY, length * 2));
    this.#times[length] = atMs;
    this.#values[length] = value;
    this.#stale[length] = stale;
    if (startMs !== 0) this.#starts ??= new Float64Array(this.#times.length);
    if (this.#starts) this.#starts[length] = startMs;
    this.#length = length + 1;
    if (length === 0) this.#onFirstSample(this);
  }

  /** How many samples are at or before a time. Queries look at the newest samples, so the search starts there. */
  #countUntil(atMs: number): number {
    const times = this.#times;
    let high = this.#length;
    let step = 1;
    let low = high - step;
    while (low >= 0 && (times[low] ?? 0) > atMs) {
      high = low;
      step *= 2;
      low = high - step;
    }
    low = Math.max(low, -1) + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((times[middle] ?? 0) > atMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #resize(capacity: number): void {
    const kept = Math.min(this.#length, capacity);
    this.#times = copyOf(this.#times.subarray(0, kept), new Float64Array(capacity));
    this.#values = copyOf(this.#values.subarray(0, kept), new Float64Array(capacity));
    this.#stale = copyOf(this.#stale.subarray(0, kept), new Uint8Array(capacity));
    this.#starts &&= copyOf(this.#starts.subarray(0, kept), new Float64Array(capacity));
  }
}

function copyOf<A extends Float64Array | Uint8Array>(source: A, target: A): A {
  target.set(source);
  return target;
}
