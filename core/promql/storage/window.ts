/** The samples of one series in one range: times in milliseconds and values, in order of time. Reused between series. */
export class Window {
  times = new Float64Array(32);
  values = new Float64Array(32);
  /** Start timestamps of the samples; 0 where none is known. Empty if none of them has one. */
  starts = new Float64Array(0);
  length = 0;

  /** Empties it and makes room for `capacity` samples. */
  clear(capacity: number): void {
    this.length = 0;
    if (this.starts.length > 0) this.starts = new Float64Array(0);
    if (capacity <= this.times.length) return;
    this.times = new Float64Array(capacity * 2);
    this.values = new Float64Array(capacity * 2);
  }

  /** Adds a sample; there must be room. */
  add(timeMs: number, value: number, startMs = 0): void {
    this.times[this.length] = timeMs;
    this.values[this.length] = value;
    if (startMs !== 0 && this.starts.length === 0) this.starts = new Float64Array(this.times.length);
    if (this.starts.length > 0) this.starts[this.length] = startMs;
    this.length++;
  }

  /** The time of a sample. */
  timeAt(index: number): number {
    return this.times[index] ?? Number.NaN;
  }

  /** The value of a sample. */
  valueAt(index: number): number {
    return this.values[index] ?? Number.NaN;
  }

  /** The start timestamp of a sample; 0 if none is known. */
  startAt(index: number): number {
    return this.starts[index] ?? 0;
  }

  /** Whether start timestamps are known. */
  get hasStarts(): boolean {
    return this.starts.length > 0;
  }
}
