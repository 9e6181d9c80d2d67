import * as fc from 'fast-check';
import { formatNumber, roundSteps, timeMarks } from '../../report/series';

describe('marks of an axis', () => {
  it.each([
    [5, 5, [0, 1, 2, 3, 4, 5]],
    [50, 6, [0, 10, 20, 30, 40, 50]],
    [0.3, 4, [0, 0.1, 0.2, 0.3]],
  ])('up to %d in at most %d steps', (most, count, marks) => {
    expect(roundSteps(most, count)).toEqual(marks);
  });

  it('are never more than asked for, and start at 0', () => {
    const most = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(most, fc.integer({ min: 1, max: 20 }), (top, count) => {
        const marks = roundSteps(top, count);
        expect(marks[0]).toBe(0);
        expect(marks.length).toBeLessThanOrEqual(count + 1);
      }),
    );
  });

  it('stand at whole minutes of a quarter of an hour and whole hours of a day', () => {
    expect(timeMarks(900_000, 6)).toEqual([0, 300_000, 600_000, 900_000]);
    expect(timeMarks(86_400_000, 6).map((mark) => mark / 3_600_000)).toEqual([0, 6, 12, 18, 24]);
  });

  it('still stand where a rehearsal takes weeks', () => {
    expect(timeMarks(60 * 86_400_000, 6)).toHaveLength(7);
  });
});

describe('numbers for people', () => {
  it.each([
    [5, '5'],
    [12.3456, '12.3'],
    [0.012345, '0.0123'],
    [24.999_999, '25'],
    [1234.5, '1235'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
