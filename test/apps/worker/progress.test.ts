import fc from 'fast-check';
import { tallyOf } from '../../../apps/worker/collatz';
import { firstNumberFor } from '../../../apps/worker/first-number';
import { beginning, Plan } from '../../../apps/worker/progress';

describe('a plan of work', () => {
  it('counts what is done without a gap, in whatever order chunks come back', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 50 }), (done, size) => {
        const plan = new Plan(beginning(10), size);
        const chunks = Array.from({ length: 8 }, () => plan.take());
        for (const index of done) {
          const chunk = chunks[index] ?? { from: 0, size: 0 };
          plan.complete(chunk, tallyOf(chunk.from, chunk.size));
        }
        const gapless = Array.from({ length: 8 }, (_, index) => done.includes(index)).indexOf(false);
        const count = gapless < 0 ? 8 : gapless;
        const { progress } = plan;
        expect([progress.chunks, progress.next]).toEqual([count, 10 + count * size]);
        expect(progress).toMatchObject(
          count === 0 ? { steps: 0, longest: { steps: -1 } } : tallyOf(10, count * size),
        );
      }),
    );
  });

  it('goes on where progress ends, with chunks of another size if need be', () => {
    const before = new Plan(beginning(1), 7);
    const chunk = before.take();
    before.complete(chunk, tallyOf(chunk.from, chunk.size));
    const after = new Plan(before.progress, 20);
    expect(after.take()).toEqual({ from: 8, size: 20 });
    after.complete({ from: 8, size: 20 }, tallyOf(8, 20));
    expect(after.progress).toEqual({ version: 1, first: 1, next: 28, chunks: 2, ...tallyOf(1, 27) });
  });
});

describe('where a worker begins', () => {
  it('depends on its name alone, and differs from that of most others', () => {
    const names = Array.from({ length: 150 }, (_, index) => `worker-7d4b9c-${index.toString(36)}`);
    const firsts = names.map(firstNumberFor);
    expect(names.map(firstNumberFor)).toEqual(firsts);
    expect(new Set(firsts).size).toBeGreaterThan(120);
    for (const first of firsts) {
      expect(Number.isSafeInteger(first)).toBe(true);
      expect(first).toBeGreaterThanOrEqual(1);
    }
  });
});
