import { AnswerCache, type AnswerCacheProps } from '../../../../apps/adapter/auth/answer-cache';

/** A cache of texts, with a clock that stands still until it is moved, and questions that are answered by hand. */
class Questions {
  now = 0;
  readonly told: string[] = [];
  /** What is being asked, in the order in which it was. */
  readonly asked: string[] = [];
  private readonly open = new Map<string, { answer: (text: string) => void; fail: (error: Error) => void }>();
  readonly cache: AnswerCache<string>;

  constructor(props: Partial<AnswerCacheProps<string>> = {}) {
    this.cache = new AnswerCache({
      ...{ entries: 10, bytes: 1024 * 1024, concurrent: 10 },
      lengthOf: (answer) => answer.length,
      holdsMs: () => 1000,
      now: () => this.now,
      onAsked: (result) => this.told.push(result),
      ...props,
    });
  }

  async ask(key: string): Promise<string> {
    return (
      this.cache.known(key) ??
      this.cache.ask(key, () => {
        this.asked.push(key);
        return new Promise((answer, fail) => this.open.set(key, { answer, fail }));
      })
    );
  }

  /** Asks, and answers with the question. */
  async learn(key: string, answer = key): Promise<void> {
    const asking = this.ask(key);
    await settled();
    this.answer(key, answer);
    await asking;
  }

  answer(key: string, answer = key): void {
    this.open.get(key)?.answer(answer);
  }

  fail(key: string): void {
    this.open.get(key)?.fail(new Error(`${key} failed`));
  }
}

/** Lets everything run that waits for nothing. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

it('tells what becomes of questions', async () => {
  const questions = new Questions();
  const both = Promise.all([questions.ask('a'), questions.ask('a')]);
  await settled();
  questions.answer('a', 'yes');
  expect(await both).toEqual(['yes', 'yes']);
  await questions.ask('a');
  questions.now = 1000;
  const again = questions.ask('a');
  await settled();
  questions.answer('a', 'no');
  expect(await again).toBe('no');
  expect(questions.told).toEqual(['miss', 'coalesced', 'hit', 'miss']);
  expect(questions.asked).toEqual(['a', 'a']);
});

describe('how long an answer holds', () => {
  it('counts from when it was given, not from when it was asked for', async () => {
    const questions = new Questions();
    const asking = questions.ask('a');
    await settled();
    questions.now = 5000;
    questions.answer('a');
    await asking;
    questions.now = 5999;
    expect(questions.cache.known('a')).toBe('a');
    questions.now = 6000;
    expect(questions.cache.known('a')).toBeUndefined();
  });

  it('is over when the clock was set back', async () => {
    const questions = new Questions();
    questions.now = 3_600_000;
    await questions.learn('a');
    questions.now = 0;
    expect(questions.cache.known('a')).toBeUndefined();
  });

  it('is for the answer to say', async () => {
    const questions = new Questions({ holdsMs: (answer) => (answer === 'yes' ? 10_000 : 100) });
    await questions.learn('a', 'yes');
    await questions.learn('b', 'no');
    questions.now = 100;
    expect([questions.cache.known('a'), questions.cache.known('b')]).toEqual(['yes', undefined]);
  });

  it('is no time at all for an answer that is to be asked for again', async () => {
    const questions = new Questions({ holdsMs: () => 0 });
    await questions.learn('a');
    expect(questions.cache.known('a')).toBeUndefined();
  });
});

describe('bounds', () => {
  it('forgets what was not asked for longest, once there are more answers than entries', async () => {
    const questions = new Questions({ entries: 2 });
    await questions.learn('a');
    await questions.learn('b');
    expect(questions.cache.known('a')).toBe('a');
    await questions.learn('c');
    expect(['a', 'b', 'c'].map((key) => questions.cache.known(key))).toEqual(['a', undefined, 'c']);
  });

  it('counts the texts of keys and answers', async () => {
    const questions = new Questions({ entries: 1000, bytes: 10_000 });
    await questions.learn('a'.repeat(4000), 'short');
    await questions.learn('b', 'b'.repeat(4000));
    expect(questions.cache.known('a'.repeat(4000))).toBe('short');
    await questions.learn('c'.repeat(2000), 'c'.repeat(2000));
    expect(questions.cache.known('b')).toBeUndefined();
    expect(questions.cache.known('a'.repeat(4000))).toBe('short');
  });

  it('answers what is too large to be remembered, and forgets nothing for it', async () => {
    const questions = new Questions({ bytes: 1000 });
    await questions.learn('a');
    await questions.learn('b', 'b'.repeat(1000));
    expect(questions.cache.known('b')).toBeUndefined();
    expect(questions.cache.known('a')).toBe('a');
  });
});

describe('questions at a time', () => {
  it('are as many as may be; the others wait in their order', async () => {
    const questions = new Questions({ concurrent: 2 });
    const all = ['a', 'b', 'c', 'd'].map((key) => questions.ask(key));
    await settled();
    expect(questions.asked).toEqual(['a', 'b']);
    questions.answer('b');
    await settled();
    expect(questions.asked).toEqual(['a', 'b', 'c']);
    questions.answer('a');
    questions.answer('c');
    await settled();
    questions.answer('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are no more when one comes at the moment at which another ends', async () => {
    const questions = new Questions({ concurrent: 1 });
    const [first, second] = [questions.ask('a'), questions.ask('b')];
    await settled();
    // Comes before the one that waits has noticed that it is its turn.
    const third = first.then(() => questions.ask('c'));
    questions.answer('a');
    await settled();
    expect(questions.asked).toEqual(['a', 'b']);
    questions.answer('b');
    await settled();
    questions.answer('c');
    expect(await Promise.all([second, third])).toEqual(['b', 'c']);
  });

  it('go on after one that failed, which is asked again', async () => {
    const questions = new Questions({ concurrent: 1 });
    const failing = questions.ask('a');
    const waiting = questions.ask('b');
    await settled();
    questions.fail('a');
    await expect(failing).rejects.toThrow('a failed');
    await settled();
    questions.answer('b');
    expect(await waiting).toBe('b');
    await questions.learn('a', 'now');
    expect(questions.cache.known('a')).toBe('now');
  });
});
