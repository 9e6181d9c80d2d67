import fc from 'fast-check';
import { Pacer } from '../../../apps/worker/pacer';

/** Threads that work in slices and rest as told: CPU used until a time, in virtual milliseconds. */
function usedBy(threads: number, cores: number, sliceMs: number, untilMs: number): number {
  let used = 0;
  const crew = Array.from({ length: threads }, () => ({ at: 0, pacer: new Pacer(cores, 100, 0, 0) }));
  for (;;) {
    const [next] = crew.toSorted((a, b) => a.at - b.at);
    if (!next || next.at >= untilMs) return used;
    next.at += sliceMs;
    used += sliceMs;
    next.at += next.pacer.restMs(used, next.at);
  }
}

describe('the pace of work', () => {
  it.each([
    [1, 1],
    [1, 0.25],
    [1, 0.05],
    [2, 1.5],
    [4, 3.2],
  ])('of %i threads is %d cores', (threads, cores) => {
    const used = usedBy(threads, cores, 10, 60_000) / 60_000;
    expect(used).toBeGreaterThan(cores * 0.97);
    expect(used).toBeLessThan(cores * 1.03);
  });

  it('never exceeds what time allows by more than a burst and the slices under way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 100, max: 20_000 }),
        (millicores, sliceMs, untilMs) => {
          const cores = millicores / 1000;
          expect(usedBy(1, cores, sliceMs, untilMs)).toBeLessThanOrEqual(
            untilMs * cores + 100 * cores + sliceMs + 1e-6,
          );
        },
      ),
    );
  });

  it('does not make up for time in which there was no CPU to have', () => {
    const pacer = new Pacer(0.5, 100, 0, 0);
    expect(pacer.restMs(10, 60_000)).toBe(0);
    // From now on it has a whole core: each 10 ms of it are 5 more than allowed, and 50 are saved up.
    const rests = Array.from({ length: 12 }, (_, index) =>
      pacer.restMs(20 + 10 * index, 60_010 + 10 * index),
    );
    expect(rests).toEqual([...Array.from({ length: 10 }, () => 0), 10, 20]);
  });

  it('has the rest that brings it back to the rate', () => {
    const pacer = new Pacer(0.25, 100, 1000, 5000);
    expect(pacer.restMs(1010, 5010)).toBe(30);
    expect(pacer.restMs(1010, 5040)).toBe(0);
  });
});
