import fc from 'fast-check';
import { milliQuantity } from '../../../core/adapter/milli-quantity';

describe('milliQuantity', () => {
  it.each([
    [0, '0'],
    [0.901, '901m'],
    [1.5, '1500m'],
    [0.0004, '0'],
    [0.0019, '1m'],
    [-0.0019, '-1m'],
    [2500, '2500'],
    [12_000, '12k'],
    [1e6, '1M'],
    [12_345.678, '12345678m'],
    [9e15, '9P'],
  ])('writes %d as %s', (value, text) => {
    expect(milliQuantity(value)?.toString()).toBe(text);
  });

  it.each([Number.NaN, Infinity, -Infinity, 2 ** 63 / 1000, -1e300])('has none for %d', (value) => {
    expect(milliQuantity(value)).toBeUndefined();
  });

  it('is never farther from zero than the value, and less than a thousandth away', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const milli = Number(milliQuantity(value)?.nanos ?? 0n) / 1e6;
        expect(Math.abs(milli)).toBeLessThanOrEqual(Math.abs(value * 1000));
        expect(Math.abs(value * 1000 - milli)).toBeLessThan(1);
      }),
    );
  });
});
