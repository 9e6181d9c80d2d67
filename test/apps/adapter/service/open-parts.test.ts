import { OpenParts } from '../../../../apps/adapter/service/open-parts';

test('parts are closed once, the last first, and one that fails keeps no other open', async () => {
  const closed: string[] = [];
  const parts = new OpenParts();
  parts.add(() => closed.push('first'));
  parts.add(() => Promise.reject(new Error('no')));
  parts.add(() => {
    throw new Error('no');
  });
  parts.add(async () => {
    await Promise.resolve();
    closed.push('last');
  });
  await parts.close();
  await parts.close();
  expect(closed).toEqual(['last', 'first']);
});
