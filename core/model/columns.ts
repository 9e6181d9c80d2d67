/**
 * The value that a column of changes has at a moment: that of the last change up to it. `undefined` before the first.
 * @param times rising
 */
export function valueAt<T>(times: readonly number[], values: readonly T[], atMs: number): T | undefined {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return values[low - 1];
}

/** The largest value of a column, and at least `floor`. Columns are too long to be arguments of `Math.max`. */
export function largest(floor: number, ...columns: readonly (readonly number[])[]): number {
  return columns.reduce((most, column) => column.reduce((a, b) => Math.max(a, b), most), floor);
}

/** The smallest value of a column; 0 of an empty one. */
export function smallest(column: readonly number[]): number {
  return column.reduce((a, b) => Math.min(a, b), column[0] ?? 0);
}
