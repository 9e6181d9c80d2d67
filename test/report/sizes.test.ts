import type { AutoscalerTimeline } from '../../core/model';
import { sizesText } from '../../report/sizes';

function visiting(first: number, ...written: readonly number[]): AutoscalerTimeline {
  const sizes = [first, ...written];
  return {
    namespace: 'demo',
    name: 'app',
    target: { kind: 'Deployment', name: 'app' },
    minReplicas: 1,
    maxReplicas: 200,
    metrics: [],
    syncs: { atMs: [0], replicas: [first], desired: [first] },
    decisions: [
      { atMs: 0, from: first, events: [], changed: [] },
      ...written.map((to, index) => ({ atMs: index, from: sizes[index] ?? 0, to, events: [], changed: [] })),
    ],
    conditions: [],
  };
}

describe('the sizes of an autoscaler', () => {
  it.each([
    [[3], '3'],
    [[1, 4, 8, 10, 5, 3, 2, 1], '1 → 4 → 8 → 10 → 5 → 3 → 2 → 1'],
    [[1, 2, 3, 4, 5, 4, 3, 2, 1], '1 → 2 → 3 → 4 → 5 → 4 → 3 → 2 → 1'],
  ])('are told one after the other: %j', ([first = 0, ...written], text) => {
    expect(sizesText(visiting(first, ...written))).toBe(text);
  });

  it.each([
    [[1, 2, 3, 5, 9, 17, 14, 9, 5, 3, 2], '1 → … → 17 → … → 2'],
    [[1, 15, 30, 60, 120, 124, 120, 80, 64, 100, 124], '1 → … → 124 → … → 64 → … → 124'],
    [[1, 9, 8, 7, 6, 5, 4, 3, 2, 1], '1 → 9 → … → 1'],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], '10 → … → 1'],
  ])('of which there are many, where they turn: %j', ([first = 0, ...written], text) => {
    expect(sizesText(visiting(first, ...written))).toBe(text);
  });

  it('that turn many times, at the first and the last turns', () => {
    const [first = 0, ...written] = [15, 136, 82, 150, 20, 80, 40, 150, 20, 144, 60, 90];
    expect(sizesText(visiting(first, ...written))).toBe(
      '15 → 136 → 82 → 150 → 20 → 80 → 40 → (3 more turns) → 60 → 90',
    );
  });
});
