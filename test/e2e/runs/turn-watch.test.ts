import { turnTimes } from './turn-watch';

test('tells how long turns took between counts, without those in which the loop began or ended', () => {
  const counts = [0, 0, 30, 80, 120, 150, 150, 150].map((turns, index) => ({ atMs: index * 5000, turns }));
  expect(turnTimes(counts)).toEqual([
    { atMs: 10_000, turnMs: 100 },
    { atMs: 15_000, turnMs: 125 },
  ]);
});

test('tells nothing of a loop that was seen too seldom', () => {
  expect(turnTimes([])).toEqual([]);
  expect(
    turnTimes([
      { atMs: 0, turns: 3 },
      { atMs: 5000, turns: 9 },
    ]),
  ).toEqual([]);
});
