import fc from 'fast-check';
import { sharesOf } from '../../../apps/cluster-metrics/page/shares';

function shares(allocatable: number, others: number, opportunistic: number, reserve: number) {
  const requested = others + opportunistic;
  const resource = {
    ...{ capacity: allocatable, allocatable, requested, opportunistic },
    remaining: allocatable - requested,
  };
  return Object.fromEntries(sharesOf(resource, reserve).map(({ part, amount }) => [part, amount]));
}

describe('what a resource is used for', () => {
  it('leaves the reserve free', () => {
    expect(shares(184, 30, 100, 30)).toEqual({
      others: 30,
      opportunistic: 100,
      free: 24,
      reserve: 30,
      missing: 0,
    });
  });

  it('shows what is left of a reserve that others use', () => {
    expect(shares(184, 90, 84, 30)).toMatchObject({ free: 0, reserve: 10, missing: 0 });
  });

  it('shows what is wanted beyond what there is, at the cost of opportunistic pods', () => {
    expect(shares(184, 160, 40, 30)).toEqual({
      others: 160,
      opportunistic: 24,
      free: 0,
      reserve: 0,
      missing: 16,
    });
  });

  it('always adds up', () => {
    const amount = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(amount, amount, amount, amount, (allocatable, others, opportunistic, reserve) => {
        const { missing = 0, ...parts } = shares(allocatable, others, opportunistic, reserve);
        const sum = Object.values(parts).reduce((total, part) => total + part, 0);
        expect(sum).toBe(allocatable);
        expect(sum + missing).toBe(Math.max(allocatable, others + opportunistic));
        expect(Math.min(...Object.values(parts), missing)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
