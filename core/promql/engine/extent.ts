/** The least and the greatest of some numbers. */
export interface Extent {
  readonly least: number;
  readonly greatest: number;
  readonly hasNaN: boolean;
}

/** The extent of numbers, NaN left out; there may be as many as a query has steps. */
export function extentOf(values: readonly number[]): Extent {
  let least = Infinity;
  let greatest = -Infinity;
  let hasNaN = false;
  for (const value of values) {
    if (Number.isNaN(value)) hasNaN = true;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest, hasNaN };
}
