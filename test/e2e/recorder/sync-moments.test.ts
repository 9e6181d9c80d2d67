import { syncMoments } from './sync-moments';

test('fills in syncs that wrote nothing, as long after each other as the others are', () => {
  expect(syncMoments([100, 3160, 6220, 15_400], 3000)).toEqual([100, 3160, 6220, 9280, 12_340, 15_400]);
});

test('takes the period where no two syncs followed each other', () => {
  expect(syncMoments([0, 9030], 3000)).toEqual([0, 3010, 6020, 9030]);
  expect(syncMoments([7], 3000)).toEqual([7]);
  expect(syncMoments([], 3000)).toEqual([]);
});

test('leaves two writes of one sync alone', () => {
  expect(syncMoments([0, 10, 3010], 3000)).toEqual([0, 10, 3010]);
});
