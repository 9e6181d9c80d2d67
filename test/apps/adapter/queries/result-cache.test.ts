import { settled, TestSource } from './source';

const wanted = { source: '', text: 'up', rule: 'rules[0]', freshnessMs: 7500 };

describe('a query that is asked on its own', () => {
  it('is sent once in its freshness window', async () => {
    const source = new TestSource();
    const first = await source.queries.single(wanted);
    source.now += 7499;
    expect(await source.queries.single(wanted)).toBe(first);
    source.now += 1;
    await source.queries.single(wanted);
    expect(source.asked).toEqual(['up', 'up']);
    expect(source.counts).toEqual({ miss: 2, hit: 1 });
  });

  it('is sent again after the clock was set back', async () => {
    const source = new TestSource();
    await source.queries.single(wanted);
    source.now -= 600_000;
    const second = await source.queries.single(wanted);
    expect(await source.queries.single(wanted)).toBe(second);
    expect(source.asked).toEqual(['up', 'up']);
  });

  it('is sent once for all that wait for it', async () => {
    const source = new TestSource();
    source.hold();
    const waiting = [1, 2, 3].map(async () => source.queries.single(wanted));
    await settled();
    source.release();
    const results = await Promise.all(waiting);
    expect(source.asked).toEqual(['up']);
    expect(new Set(results).size).toBe(1);
    expect(source.counts).toEqual({ miss: 1, coalesced: 2 });
  });

  it('says when it was evaluated, which is before it was sent', async () => {
    const source = new TestSource();
    source.hold();
    const waiting = source.queries.single(wanted);
    source.now += 400;
    await settled();
    source.release();
    expect((await waiting).atMs).toBe(1_000_000);
  });

  it('keeps no error: the next request finds out whether the source is back', async () => {
    const source = new TestSource();
    source.answer = () => ({ error: 'down', unavailable: true });
    expect(await source.queries.single(wanted)).toMatchObject({ outcome: { error: 'down' } });
    source.answer = () => ({ type: 'scalar', value: 1 });
    expect(await source.queries.single(wanted)).toMatchObject({ outcome: { value: 1 } });
  });

  it('is not mixed up with the same query to another source, or with what was before a change', async () => {
    const source = new TestSource();
    await source.queries.single(wanted);
    await source.queries.single({ ...wanted, source: 'other' });
    source.queries.clear();
    await source.queries.single(wanted);
    expect(source.asked).toHaveLength(3);
  });

  it('keeps nothing of a query that was on the way when everything was forgotten', async () => {
    const source = new TestSource();
    source.hold();
    const waiting = source.queries.single(wanted);
    await settled();
    source.queries.clear();
    source.release();
    await waiting;
    await source.queries.single(wanted);
    expect(source.asked).toHaveLength(2);
  });

  it('says which source there is not', async () => {
    const source = new TestSource();
    expect(await source.queries.single({ ...wanted, source: 'gone' })).toMatchObject({
      outcome: { error: 'there is no source gone', unavailable: true },
    });
  });
});
