import fc from 'fast-check';
import { stepsFrom, tallyOf, together } from '../../../apps/worker/collatz';

/** By the definition, in integers of any size. */
function reference(start: number): number {
  let steps = 0;
  for (let value = BigInt(start); value !== 1n; value = value % 2n === 0n ? value / 2n : 3n * value + 1n) {
    steps += 1;
  }
  return steps;
}

describe('the length of a Collatz sequence', () => {
  // OEIS A006577, and the records of A006877.
  it.each([
    [1, 0],
    [2, 1],
    [3, 7],
    [9, 19],
    [27, 111],
    [97, 118],
    [77_031, 350],
    [837_799, 524],
    [8_400_511, 685],
    [63_728_127, 949],
    [670_617_279, 986],
    // Climbs to 1.4e18, beyond exact floats.
    [319_804_831, 592],
    [9_780_657_630, 1132],
    [75_128_138_247, 1228],
  ])('from %i is %i', (start, steps) => {
    expect(stepsFrom(start)).toBe(steps);
  });

  it('is right for any start, however high it climbs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (start) => {
        expect(stepsFrom(start)).toBe(reference(start));
      }),
    );
  });
});

describe('the tally of a range', () => {
  it('below a thousand is known', () => {
    expect(tallyOf(1, 999)).toEqual({ steps: 59_431, longest: { start: 871, steps: 178 } });
  });

  it('is the same whole or in parts, in any order', () => {
    const range = fc.record({
      from: fc.integer({ min: 1, max: 1e12 }),
      first: fc.integer({ min: 1, max: 30 }),
      second: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(range, ({ from, first, second }) => {
        const whole = tallyOf(from, first + second);
        const [low, high] = [tallyOf(from, first), tallyOf(from + first, second)];
        expect(together(low, high)).toEqual(whole);
        expect(together(high, low)).toEqual(whole);
      }),
    );
  });
});
