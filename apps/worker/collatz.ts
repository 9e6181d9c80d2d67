/**
 * The work: how long the Collatz sequences of numbers are. From n it goes to n/2 if n is even and to 3n+1 if it is
 * odd, until it comes to 1. Pure arithmetic that nothing can shorten, and whose results can be looked up (OEIS A006577;
 * the longest below a million starts at 837799).
 */

/** The longest sequence that was seen. */
export interface Longest {
  readonly start: number;
  readonly steps: number;
}

/** What a range of numbers adds up to. */
export interface Tally {
  readonly steps: number;
  readonly longest: Longest;
}

/** The largest odd number whose successor is still an exact float. */
const LARGEST_EXACT = Math.floor((Number.MAX_SAFE_INTEGER - 1) / 3);

/** Steps from a number to 1. @param start a whole number of 1 or more, and a safe integer */
export function stepsFrom(start: number): number {
  let value = start;
  let steps = 0;
  while (value !== 1) {
    if ((value & 1) === 1) {
      if (value > LARGEST_EXACT) {
        const [smaller, taken] = withBigIntegers(value);
        value = smaller;
        steps += taken;
        continue;
      }
      value = 3 * value + 1;
      steps += 1;
    }
    value /= 2;
    steps += 1;
  }
  return steps;
}

/** The same until the value is small enough again. */
function withBigIntegers(start: number): readonly [value: number, steps: number] {
  let value = BigInt(start);
  let steps = 0;
  while (value > LARGEST_EXACT) {
    value = value % 2n === 0n ? value / 2n : 3n * value + 1n;
    steps += 1;
  }
  return [Number(value), steps];
}

/** Numbers `from` to `from + size − 1`. */
export function tallyOf(from: number, size: number): Tally {
  let steps = 0;
  let longest: Longest = { start: from, steps: -1 };
  for (let start = from; start < from + size; start++) {
    const taken = stepsFrom(start);
    steps += taken;
    if (taken > longest.steps) longest = { start, steps: taken };
  }
  return { steps, longest };
}

/** Two tallies as one; of sequences of the same length the first counts. */
export function together(first: Tally, second: Tally): Tally {
  return { steps: first.steps + second.steps, longest: longer(first.longest, second.longest) };
}

function longer(first: Longest, second: Longest): Longest {
  return second.steps > first.steps || (second.steps === first.steps && second.start < first.start)
    ? second
    : first;
}
