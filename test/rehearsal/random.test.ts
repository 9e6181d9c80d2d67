import fc from 'fast-check';
import { Random } from '../../rehearsal/random';

describe('the seeded generator', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)).not.toEqual(draw(1 + 2 ** 32));
  });

  it('draws binomial counts within their bounds', () => {
    const random = new Random(3);
    fc.assert(
      fc.property(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        const successes = random.binomial(n, p);
        expect(Number.isInteger(successes) && successes >= 0 && successes <= n).toBe(true);
      }),
    );
    expect([random.binomial(9, 0), random.binomial(9, 1), random.binomial(0, 0.5)]).toEqual([0, 9, 0]);
  });

  // Both ways of drawing: a walk for few expected successes, rejection for many, and the mirrored case.
  it.each([
    [20, 0.3],
    [500, 0.2],
    [3000, 0.25],
    [3000, 0.9],
  ])('draws binomial counts of %d trials at %d with the right mean, spread and skew', (n, p) => {
    const random = new Random(11);
    const draws = Array.from({ length: 40_000 }, () => random.binomial(n, p));
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const moment = (power: number) =>
      draws.reduce((sum, value) => sum + (value - mean) ** power, 0) / draws.length;
    const variance = n * p * (1 - p);
    expect(Math.abs(mean - n * p)).toBeLessThan(5 * Math.sqrt(variance / draws.length));
    expect(moment(2) / variance).toBeCloseTo(1, 1);
    expect(moment(3) / variance ** 1.5).toBeCloseTo((1 - 2 * p) / Math.sqrt(variance), 1);
  });
});
