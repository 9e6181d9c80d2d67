import { Turns } from '../../../../apps/adapter/auth/turns';

const NEVER = new AbortController().signal;

/** Work that goes on until it is told to end. */
class Work {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly turns: Turns) {}

  start(name: string, client?: string, signal = NEVER): Promise<string> {
    return this.turns.work(client, signal, () => {
      this.begun.push(name);
      return new Promise((resolve) => this.ends.set(name, () => resolve(name)));
    });
  }

  end(name: string): void {
    this.ends.get(name)?.();
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('turns', () => {
  it('are for a few at a time; the others wait in their order', async () => {
    const work = new Work(new Turns({ concurrent: 2 }));
    const all = ['a', 'b', 'c', 'd'].map((name) => work.start(name));
    await settled();
    expect(work.begun).toEqual(['a', 'b']);
    work.end('b');
    await settled();
    expect(work.begun).toEqual(['a', 'b', 'c']);
    work.end('a');
    work.end('c');
    await settled();
    work.end('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are handed on after work that failed', async () => {
    const turns = new Turns({ concurrent: 1 });
    const failed = turns.work(undefined, NEVER, () => Promise.reject(new Error('broken')));
    const next = turns.work(undefined, NEVER, () => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('done');
  });

  it('are not for who left before it was theirs', async () => {
    const work = new Work(new Turns({ concurrent: 1 }));
    const [leaving, first] = [new AbortController(), work.start('a')];
    const left = expect(work.start('b', undefined, leaving.signal)).rejects.toThrow('left');
    const last = work.start('c');
    leaving.abort(new Error('left'));
    await left;
    work.end('a');
    await first;
    await settled();
    expect(work.begun).toEqual(['a', 'c']);
    work.end('c');
    await last;
  });
});

describe('places', () => {
  it('are full when as many work and wait as may', async () => {
    const turns = new Turns({ concurrent: 1, waiting: 1 });
    const work = new Work(turns);
    const first = work.start('a');
    expect(turns.isFull(undefined)).toBe(false);
    const leaving = new AbortController();
    const second = expect(work.start('b', undefined, leaving.signal)).rejects.toThrow('left');
    expect(turns.isFull(undefined)).toBe(true);
    leaving.abort(new Error('left'));
    expect(turns.isFull(undefined)).toBe(false);
    await second;
    work.end('a');
    await first;
  });

  it('of one client are full before those of all', async () => {
    const turns = new Turns({ concurrent: 10, perClient: 2 });
    const work = new Work(turns);
    const both = ['a', 'b'].map((name) => work.start(name, 'one'));
    await settled();
    expect([turns.isFull('one'), turns.isFull('other'), turns.isFull(undefined)]).toEqual([
      true,
      false,
      false,
    ]);
    work.end('a');
    await settled();
    expect(turns.isFull('one')).toBe(false);
    work.end('b');
    await Promise.all(both);
  });
});
