import fc from 'fast-check';
import { followsValues, sizesUnder, type ValueFollowed } from '../../stacks/aks/value-followed';

const DOCUMENT: ValueFollowed = { target: 10, min: 1, max: 10, tolerance: 0.1 };
const MINUTE_MS = 60_000;

describe('the sizes under a constant value', () => {
  it.each([
    [50, 1, [1, 5, 10]],
    [5, 10, [10, 5, 3, 2, 1]],
    [0, 10, [10, 1]],
    [10, 1, [1]],
    [10.9, 1, [1]],
    [11.1, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    // 7 × 0.85 = 5.95, and 6 × 0.85 = 5.1, which is six pods again.
    [8.5, 7, [7, 6]],
  ])('a value of %d leads from %i through %j', (value, from, sizes) => {
    expect(sizesUnder(value, from, DOCUMENT)).toEqual(sizes);
  });

  it('end within the bounds, where nothing is left to do', () => {
    const followed = fc.record({
      target: fc.double({ min: 0.001, max: 1e4, noNaN: true }),
      min: fc.integer({ min: 1, max: 5 }),
      max: fc.integer({ min: 5, max: 100 }),
      tolerance: fc.constantFrom(0, 0.1),
    });
    fc.assert(
      fc.property(followed, fc.double({ min: 0, max: 1e4, noNaN: true }), (given, value) => {
        const sizes = sizesUnder(value, given.min, given);
        const last = sizes.at(-1) ?? 0;
        expect(last).toBeGreaterThanOrEqual(given.min);
        expect(last).toBeLessThanOrEqual(given.max);
        expect(sizesUnder(value, last, given)).toEqual([last]);
      }),
    );
  });
});

describe('expectations of a value that rises and falls', () => {
  const expectation = (more: Partial<ValueFollowed> = {}) =>
    followsValues({
      ...DOCUMENT,
      ...more,
      autoscaler: 'a/b',
      rising: [{ value: 50, fromMs: 2 * MINUTE_MS }],
      last: { value: 5, fromMs: 6 * MINUTE_MS },
      stabilizationMs: 5 * MINUTE_MS,
      scrapeMs: 5000,
    });

  it('look before each change, and in the middle between two steps down', () => {
    expect(expectation()).toEqual({
      duration: '28m30s',
      expect: {
        autoscaler: 'a/b',
        replicasAt: { '2m': 1, '6m': 10, '13m30s': 5, '18m30s': 3, '23m30s': 2, '28m30s': 1 },
        neverAbove: 10,
        noScaleDownBefore: '10m45s',
        directionChangesAtMost: 1,
        metricKnownBetween: ['0s', '45s'],
      },
    });
  });

  it('stay where a value leaves the size alone', () => {
    const { replicasAt, neverAbove } = expectation({ target: 50, min: 2 }).expect;
    expect(replicasAt).toEqual({ '2m': 2, '6m': 2, '13m30s': 2, '18m30s': 2, '23m30s': 2, '28m30s': 2 });
    expect(neverAbove).toBe(2);
  });
});
