import fc from 'fast-check';
import { largest, smallest, valueAt } from '../../../core/model';

describe('valueAt', () => {
  const times = [0, 10, 20];
  const values = ['a', 'b', 'c'];

  it.each([
    [-1, undefined],
    [0, 'a'],
    [9, 'a'],
    [10, 'b'],
    [25, 'c'],
  ])('at %i is %s', (at, value) => {
    expect(valueAt(times, values, at)).toBe(value);
  });

  it('is the last change up to the moment', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.nat(1000), (unsorted, at) => {
        const sorted = [...unsorted].sort((a, b) => a - b);
        expect(valueAt(sorted, sorted, at)).toBe(sorted.findLast((time) => time <= at));
      }),
    );
  });
});

describe('the bounds of columns', () => {
  it('are those of their values', () => {
    expect([largest(1, [3, 2], [5]), largest(7, [3], []), smallest([4, 2, 3]), smallest([])]).toEqual([
      5, 7, 2, 0,
    ]);
  });

  it('are found in columns of any length', () => {
    const month = Array.from({ length: 200_000 }, (_, index) => index);
    expect([largest(0, month), smallest(month)]).toEqual([199_999, 0]);
  });
});
