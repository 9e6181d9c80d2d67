import { RequestRate } from '../../../apps/kube-api';

/** Time that stands still until it is moved. */
class ManualClock {
  private nowMs = 0;
  private readonly sleepers = new Map<() => void, number>();

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sleepers.set(resolve, this.nowMs + ms);
      signal.addEventListener('abort', () => {
        this.sleepers.delete(resolve);
        reject(new Error('awake'));
      });
    });
  }

  get sleeping(): number {
    return this.sleepers.size;
  }

  /** Moves on to each moment at which somebody wakes up. */
  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    for (;;) {
      await settled();
      const [next] = [...this.sleepers].sort(([, a], [, b]) => a - b);
      if (!next || next[1] > end) break;
      this.nowMs = next[1];
      this.sleepers.delete(next[0]);
      next[0]();
    }
    this.nowMs = end;
    await settled();
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const NEVER = new AbortController().signal;
const LONG = 3_600_000;

/** Five requests a second, two at once. */
function started() {
  const clock = new ManualClock();
  const rate = new RequestRate(5, 2, clock);
  const went: string[] = [];
  const ask = async (name: string, signal = NEVER, withinMs = LONG) => {
    await rate.wait(signal, withinMs);
    went.push(`${name} at ${clock.now()}`);
  };
  return { clock, went, ask };
}

describe('requests', () => {
  it('go at once as far as they may, then in their order as time passes', async () => {
    const { clock, went, ask } = started();
    const all = ['a', 'b', 'c', 'd'].map((name) => ask(name));
    await clock.advance(199);
    expect(went).toEqual(['a at 0', 'b at 0']);
    await clock.advance(201);
    expect(went.slice(2)).toEqual(['c at 200', 'd at 400']);
    await Promise.all(all);
    expect(clock.sleeping).toBe(0);
  });

  it('save up no more than may go at once', async () => {
    const { clock, went, ask } = started();
    await clock.advance(60_000);
    const all = ['a', 'b', 'c'].map((name) => ask(name));
    await clock.advance(200);
    await Promise.all(all);
    expect(went).toEqual(['a at 60000', 'b at 60000', 'c at 60200']);
  });

  it('that are given up leave their places to the others', async () => {
    const { clock, went, ask } = started();
    const leaving = Array.from({ length: 50 }, () => new AbortController());
    const first = ['a', 'b'].map((name) => ask(name));
    const left = leaving.map(({ signal }) => expect(ask('left', signal)).rejects.toThrow('enough'));
    const last = ask('last');
    await settled();
    leaving.forEach((each) => each.abort(new Error('enough')));
    await Promise.all([...first, ...left]);
    await clock.advance(200);
    await last;
    expect(went).toEqual(['a at 0', 'b at 0', 'last at 200']);
  });

  it('leave no timer behind when all are given up', async () => {
    const { clock, ask } = started();
    const leaving = new AbortController();
    await Promise.all([ask('a'), ask('b')]);
    const left = expect(ask('c', leaving.signal)).rejects.toThrow('enough');
    await settled();
    expect(clock.sleeping).toBe(1);
    leaving.abort(new Error('enough'));
    await left;
    await settled();
    expect(clock.sleeping).toBe(0);
  });

  it('whose turn would come too late fail at once, and take no place', async () => {
    const { clock, went, ask } = started();
    const first = ['a', 'b', 'c'].map((name) => ask(name));
    await expect(ask('late', NEVER, 399)).rejects.toThrow(
      /5 requests a second .* in 400 ms, and it has 399 ms; raise --client-qps/,
    );
    const next = ask('next', NEVER, 400);
    await clock.advance(400);
    await Promise.all([...first, next]);
    expect(went.slice(2)).toEqual(['c at 200', 'next at 400']);
  });
});
