import { AnswerCache, TooManyQuestions, type Asker } from '../../../../apps/adapter/auth/answer-cache';

/** A cache whose questions are answered by hand. */
function questions(limits: { concurrent: number; waiting?: number; perClient?: number }) {
  const cache = new AnswerCache<string>({
    ...{ entries: 10, holdsMs: () => 1000, now: () => 0, bytes: 100_000, lengthOf: () => 1 },
    ...limits,
  });
  const asked = new Map<string, { answer: () => void; signal: AbortSignal }>();
  const ask = (key: string, asker?: Asker) =>
    cache.ask(
      key,
      (signal) =>
        new Promise((resolve, reject) => {
          asked.set(key, { answer: () => resolve(key), signal });
          signal.addEventListener('abort', () => reject(new Error('given up')));
        }),
      asker,
    );
  return { ask, asked, cache };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const LEFT = new Error('the client left');

describe('a question', () => {
  it('is given up when the last one who wants to know it has left', async () => {
    const { ask, asked, cache } = questions({ concurrent: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [first, second].map(({ signal }) => expect(ask('a', { signal })).rejects.toBe(LEFT));
    await settled();
    first.abort(LEFT);
    await settled();
    expect(asked.get('a')?.signal.aborted).toBe(false);
    second.abort(LEFT);
    await Promise.all(both);
    expect([asked.get('a')?.signal.aborted, cache.isAsked('a')]).toEqual([true, false]);
    const next = ask('b');
    await settled();
    asked.get('b')?.answer();
    expect(await next).toBe('b');
  });

  it('is still answered for who stays', async () => {
    const { ask, asked } = questions({ concurrent: 1 });
    const leaving = new AbortController();
    const left = expect(ask('a', { signal: leaving.signal })).rejects.toBe(LEFT);
    const stays = ask('a', { signal: new AbortController().signal });
    await settled();
    leaving.abort(LEFT);
    await left;
    asked.get('a')?.answer();
    expect(await stays).toBe('a');
  });

  it('is never asked if everybody has left before its turn came', async () => {
    const { ask, asked } = questions({ concurrent: 1 });
    const first = ask('a');
    const leaving = new AbortController();
    const left = expect(ask('b', { signal: leaving.signal })).rejects.toBe(LEFT);
    leaving.abort(LEFT);
    await left;
    await settled();
    asked.get('a')?.answer();
    await first;
    await settled();
    expect([...asked.keys()]).toEqual(['a']);
  });

  it('is refused where it has no place, unless it is being asked already', async () => {
    const { ask, asked } = questions({ concurrent: 1, waiting: 1, perClient: 1 });
    const mine = ask('a', { client: 'me' });
    await expect(ask('b', { client: 'me' })).rejects.toThrow(TooManyQuestions);
    const same = ask('a', { client: 'me' });
    const other = ask('b', { client: 'you' });
    await expect(ask('c', { client: 'somebody' })).rejects.toThrow(TooManyQuestions);
    await settled();
    asked.get('a')?.answer();
    expect(await Promise.all([mine, same])).toEqual(['a', 'a']);
    await settled();
    asked.get('b')?.answer();
    expect(await other).toBe('b');
  });
});
