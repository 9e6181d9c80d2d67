/** The samples of one series in one range: times in milliseconds and values, in order of time. Reused between series. */
export class Window {
  times = new Float64Array(32);
  values = new Float64Array(32);
  length = 0;

  /** Empties it and makes room for `capacity` samples. */
  clear(capacity: number): void {
    this.length = 0;
    if (capacity <= this.times.length) return;
    this.times = new Float64Array(capacity * 2);
    this.values = new Float64Array(capacity * 2);
  }

  /** Adds a sample; there must be room. */
  add(timeMs: number, value: number): void {
    this.times[this.length] = timeMs;
    this.values[this.length] = value;
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
}
