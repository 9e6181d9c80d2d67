import { UnknownMetrics } from '../../../../apps/adapter/service/unknown-metrics';

describe('metrics that nobody knows', () => {
  /** @param tookMs how long a listing takes */
  function unknown(tookMs = 0) {
    const state = { nowMs: 0, known: 0, listings: 0, appears: false };
    const metrics = new UnknownMetrics({
      now: () => state.nowMs,
      list() {
        state.listings += 1;
        state.nowMs += tookMs;
        if (state.appears) state.known += 1;
        return Promise.resolve();
      },
      known: () => state.known,
      intervalMs: 60_000,
    });
    return { state, metrics };
  }

  it('are looked for once for all who ask at a time', async () => {
    const { state, metrics } = unknown();
    state.appears = true;
    expect(await Promise.all([metrics.look(), metrics.look(), metrics.look()])).toEqual([true, true, true]);
    expect(state.listings).toBe(1);
  });

  it('are looked for ever more seldom while nothing is found, at the least as often as series are listed', async () => {
    const { state, metrics } = unknown();
    const times: number[] = [];
    for (; state.nowMs < 200_000; state.nowMs += 1000) {
      const before = state.listings;
      expect(await metrics.look()).toBe(false);
      if (state.listings > before) times.push(state.nowMs / 1000);
    }
    expect(times).toEqual([0, 5, 15, 35, 75, 135, 195]);
  });

  it('are looked for soon again after something was found', async () => {
    const { state, metrics } = unknown();
    await metrics.look();
    state.nowMs = 5000;
    state.appears = true;
    expect(await metrics.look()).toBe(true);
    state.nowMs = 9999;
    expect(await metrics.look()).toBe(false);
    state.nowMs = 10_000;
    expect(await metrics.look()).toBe(true);
  });

  it('are looked for after the clock was set back too', async () => {
    const { state, metrics } = unknown();
    await metrics.look();
    state.nowMs = -3_600_000;
    await metrics.look();
    await metrics.look();
    expect(state.listings).toBe(2);
  });

  it('are not looked for all the time by a source that is slow', async () => {
    const { state, metrics } = unknown(3000);
    await metrics.look();
    state.nowMs = 62_999;
    await metrics.look();
    expect(state.listings).toBe(1);
    state.nowMs = 63_000;
    await metrics.look();
    expect(state.listings).toBe(2);
  });
});
