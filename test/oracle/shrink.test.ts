import { type Json, shrink } from './shrink';

/** Everything below a value that is an object key, a list element or a number. */
function includes(value: Json, wanted: (part: Json) => boolean): boolean {
  if (wanted(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part: Json) => includes(part, wanted));
}

describe('shrinking', () => {
  it('leaves only what the test needs', async () => {
    const scenario = {
      id: 'long',
      syncs: Array.from({ length: 25 }, (_, index) => ({
        at: index * 15,
        pods: ['a', 'b', 'c'].map((name) => ({ name, ready: true })),
      })),
    };
    const smallest = await shrink(scenario, (candidate) =>
      Promise.resolve(
        includes(candidate, (part) => part === 165) && includes(candidate, (part) => part === 'b'),
      ),
    );
    expect(smallest).toEqual({ syncs: [{ at: 165, pods: [{ name: 'b' }] }] });
  });

  it('makes numbers simpler, but keeps them where they matter', async () => {
    const smallest = await shrink({ free: 12.345, bound: 1234, exact: 1101 }, (candidate) => {
      const text = JSON.stringify(candidate);
      const bound = Number(/"bound":(\d+)/.exec(text)?.[1]);
      return Promise.resolve(text.includes('"free"') && bound >= 1000 && text.includes('"exact":1101}'));
    });
    expect(smallest).toEqual({ free: 0, bound: 1000, exact: 1101 });
  });

  it('gives the value back if nothing can be taken away', async () => {
    const value = { only: ['this'] };
    const text = JSON.stringify(value);
    expect(await shrink(value, (candidate) => Promise.resolve(JSON.stringify(candidate) === text))).toEqual(
      value,
    );
  });

  it('never accepts a candidate that the test refuses', async () => {
    const asked: Json[] = [];
    const value = [1, 2, 3, 4, 5, 6, 7];
    const smallest = await shrink(value, (candidate) => {
      asked.push(candidate);
      return Promise.resolve(Array.isArray(candidate) && candidate.includes(3) && candidate.includes(6));
    });
    expect(smallest).toEqual([3, 6]);
    expect(asked).toContainEqual([3, 6]);
  });
});
