import { variantsOf } from './variants';

test('begins with what was measured', () => {
  const [first] = variantsOf([3000, 1000, 2000]);
  expect(first).toEqual({ syncMs: 0, stepMs: 0, startMs: 2000 });
});

test('varies each of the three with each of the others', () => {
  const variants = variantsOf([1000, 2000, 3000, 4000]);
  const different = (part: (variant: (typeof variants)[number]) => number) =>
    new Set(variants.map(part)).size;
  const [starts, steps, syncs] = [
    different(({ startMs }) => startMs),
    different(({ stepMs }) => stepMs),
    different(({ syncMs }) => syncMs),
  ];
  expect(starts).toBeGreaterThan(1);
  expect(variants).toHaveLength(starts * steps * syncs);
});

test('starts at once where no pod was made', () => {
  expect(new Set(variantsOf([]).map(({ startMs }) => startMs))).toEqual(new Set([0]));
});
