import { AnswerCache } from '../../../../apps/adapter/auth/answer-cache';

describe('AnswerCache', () => {
  it('tells what becomes of questions', async () => {
    const told: string[] = [];
    let now = 0;
    const cache = new AnswerCache<string>({
      entries: 10,
      concurrent: 1,
      holdsMs: () => 1000,
      now: () => now,
      onAsked: (result) => told.push(result),
    });
    const question = () => cache.known('a') ?? cache.ask('a', () => Promise.resolve('yes'));
    await Promise.all([question(), question()]);
    await question();
    now = 1000;
    await question();
    expect(told).toEqual(['miss', 'coalesced', 'hit', 'miss']);
  });
});
