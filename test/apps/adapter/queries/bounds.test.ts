import { Demand } from '../../../../apps/adapter/queries/demand';
import { outcomeBytes } from '../../../../apps/adapter/queries/outcome-bytes';
import type { QuerySample } from '../../../../core/adapter';

const sample = (labels: Readonly<Record<string, string>>): QuerySample => ({ labels, value: 1 });
const vector = (samples: readonly QuerySample[]) => ({ type: 'vector', samples }) as const;

describe('the memory of a result', () => {
  it('grows with its samples, their labels, and the texts of these', () => {
    const few = outcomeBytes(vector(Array.from({ length: 10 }, () => sample({ pod: 'a' }))));
    const many = outcomeBytes(vector(Array.from({ length: 1000 }, () => sample({ pod: 'a' }))));
    const wide = outcomeBytes(vector(Array.from({ length: 1000 }, () => sample({ pod: 'a', node: 'b' }))));
    const long = outcomeBytes(vector(Array.from({ length: 1000 }, () => sample({ pod: 'a'.repeat(1001) }))));
    expect(many / few).toBeGreaterThan(50);
    expect(wide).toBeGreaterThan(many);
    expect(long - many).toBe(1_000_000);
  });

  it('is never nothing', () => {
    const sizes = [vector([]), { type: 'scalar', value: 1 } as const, { error: 'down' }].map(outcomeBytes);
    for (const size of sizes) expect(size).toBeGreaterThan(0);
  });
});

describe('who is remembered to have asked', () => {
  it('is as many as may be, and always who asks now', () => {
    const demand = new Demand();
    const names = ['object-0'];
    demand.note('shop', names, 0);
    for (let index = 1; index <= 30_000; index += 1) demand.note('shop', [`object-${index}`], 0);
    expect(demand.size(0)).toBe(20_000);
    expect(demand.scope({ namespace: 'late', names }, 0)).toEqual({ namespaces: ['late', 'shop'] });
  });

  it('is fewer where clients choose long names', () => {
    const demand = new Demand();
    for (let index = 0; index < 2000; index += 1) {
      demand.note('shop', [`${'x'.repeat(64 * 1024)}-${index}`], 0);
    }
    expect(demand.size(0)).toBeLessThan(512);
    expect(demand.size(0)).toBeGreaterThan(256);
  });

  it('counts a list of more names than all may have, too', () => {
    const demand = new Demand();
    const all = Array.from({ length: 5_000_000 }, () => 'x');
    demand.note('shop', all, 0);
    expect(demand.size(0)).toBe(1);
    expect(demand.scope({ namespace: 'shop', names: all }, 0)).toEqual({
      namespaces: ['shop'],
      names: ['x'],
    });
  });
});
