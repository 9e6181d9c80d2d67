import { prepare, SeriesStore } from '../../../../core/promql';
import { annotationsOf, load, MINUTE, SECOND, valuesOver, vectorAt } from '../support';

describe('anchored and smoothed', () => {
  const options = { extendedRangeSelectors: true };
  const store = load(10 * SECOND, { c_total: '0 10 20 30 5 15 25', g: '1 2 4 8' });
  const value = (query: string, atMs: number): unknown =>
    Object.values(vectorAt(store, query, atMs, options))[0];

  it.each([
    // From the sample before the window to the last one in it: nothing is extrapolated.
    ['increase(c_total[18s] anchored)', 25, 20],
    ['rate(c_total[20s] anchored)', 30, 1],
    ['increase(c_total[30s] anchored)', 50, 25],
    ['delta(g[20s] anchored)', 30, 6],
    ['changes(g[10s] anchored)', 30, 1],
    ['resets(c_total[10s] anchored)', 40, 1],
    // Between samples, values lie on the line between them.
    ['increase(c_total[10s] smoothed)', 25, 10],
    ['delta(g[10s] smoothed)', 25, 3],
    ['g smoothed', 25, 6],
    ['g smoothed', 40, 8],
  ])('%s at %d s', (query, seconds, expected) => {
    expect(value(query, seconds * SECOND)).toBe(expected);
  });

  it('gives the values at the ends of a range vector', () => {
    expect(prepare('g[15s] anchored', options).evaluate(store, 25 * SECOND)).toMatchObject({
      series: [
        {
          points: [
            { atMs: 10_000, value: 2 },
            { atMs: 20_000, value: 4 },
            { atMs: 25_000, value: 4 },
          ],
        },
      ],
    });
  });

  it('is for some functions only', () => {
    expect(() => value('sum_over_time(g[10s] smoothed)', 0)).toThrow(
      'smoothed modifier can only be used with: delta, increase, rate - not with sum_over_time',
    );
    expect(() => value('deriv(g[10s] anchored)', 0)).toThrow(
      'anchored modifier can only be used with: changes, delta, increase, rate, resets - not with deriv',
    );
    expect(() => prepare('g smoothed')).toThrow(/parse error/);
  });
});

describe('start timestamps', () => {
  const options = { startTimestamps: true };
  const store = new SeriesStore();
  const series = store.series({ __name__: 'c_total' });
  // A counter from zero at 30 s, one that goes on, and one that began again at 150 s with a larger value.
  series.append(1 * MINUTE, 30, 30 * SECOND);
  series.append(2 * MINUTE, 60, 30 * SECOND);
  series.append(3 * MINUTE, 90, 150 * SECOND);

  it.each([
    ['increase(c_total[5m])', 165, 82.5],
    ['resets(c_total[5m])', 1, 0],
    ['irate(c_total[5m])', 1.5, 0.5],
  ])('%s', (query, aware, unaware) => {
    const at = (given: typeof options | undefined): number | undefined =>
      Object.values(vectorAt(store, query, 195 * SECOND, given))[0];
    expect(at(options)).toBeCloseTo(aware, 9);
    expect(at(undefined)).toBeCloseTo(unaware, 9);
  });

  it('make a rate of a single sample', () => {
    expect(vectorAt(store, 'increase(c_total[1m30s])', 70 * SECOND)).toEqual({});
    expect(vectorAt(store, 'increase(c_total[1m])', 70 * SECOND, options)).toEqual({ '{}': 30 });
  });

  it('can be asked for', () => {
    const all = { ...options, experimentalFunctions: true };
    expect(vectorAt(store, 'start_timestamp(c_total)', 3 * MINUTE, all)).toEqual({ '{}': 150 });
    expect(vectorAt(store, 'start_timestamp(c_total + 0)', 3 * MINUTE, all)).toEqual({});
  });

  it('that overlap are told', () => {
    const odd = new SeriesStore();
    const overlapping = odd.series({ __name__: 'c_total' });
    overlapping.append(1 * MINUTE, 1, 10 * SECOND);
    overlapping.append(2 * MINUTE, 2, 20 * SECOND);
    expect(annotationsOf(odd, 'rate(c_total[5m])', 2 * MINUTE, options)).toEqual([
      'PromQL warning: sample has start time that overlaps with previous sample timestamp for metric "c_total" (1:6)',
    ]);
  });
});

describe('info', () => {
  const options = { experimentalFunctions: true };
  const store = load(MINUTE, {
    'm{instance="a",job="1",own="x"}': '1 2',
    'm{instance="b",job="1"}': '3 4',
    'target_info{instance="a",job="1",data="d",own="y"}': '1 1',
    'build_info{instance="a",job="1",version="v1"}': '1 1',
  });

  it.each([
    ['info(m)', ['m{data="d", instance="a", job="1", own="x"}', 'm{instance="b", job="1"}']],
    ['info(m, {data=~".+"})', ['m{data="d", instance="a", job="1", own="x"}']],
    ['info(m, {data=~".*"})', ['m{data="d", instance="a", job="1", own="x"}', 'm{instance="b", job="1"}']],
    [
      'info(m, {__name__="build_info"})',
      ['m{instance="a", job="1", own="x", version="v1"}', 'm{instance="b", job="1"}'],
    ],
    ['info(m, {__name__=~".+_info",version=~".+"})', ['m{instance="a", job="1", own="x", version="v1"}']],
  ])('%s', (query, expected) => {
    expect(Object.keys(vectorAt(store, query, 0, options)).sort()).toEqual([...expected].sort());
  });

  it('keeps the values, at every step', () => {
    expect(valuesOver(store, 'info(m{instance="a"})', [0, MINUTE, MINUTE], options)).toEqual({
      'm{data="d", instance="a", job="1", own="x"}': [1, 2],
    });
  });

  it('refuses two info series of one target', () => {
    const twice = load(MINUTE, {
      'm{instance="a"}': '1',
      'target_info{instance="a",data="1"}': '1',
      'target_info{instance="a",data="2"}': '1',
    });
    expect(() => vectorAt(twice, 'info(m)', 0, options)).toThrow(/found duplicate series for info metric/);
  });
});

describe('fill modifiers', () => {
  const options = { fillModifiers: true };
  const store = load(MINUTE, {
    'l{a="1"}': '1',
    'l{a="2"}': '2',
    'r{a="2"}': '20',
    'r{a="3"}': '30',
  });

  it.each([
    ['l + r', { '{a="2"}': 22 }],
    ['l + fill(0) r', { '{a="1"}': 1, '{a="2"}': 22, '{a="3"}': 30 }],
    ['l + fill_right(5) r', { '{a="1"}': 6, '{a="2"}': 22 }],
    ['l + fill_left(5) r', { '{a="2"}': 22, '{a="3"}': 35 }],
    ['l + fill_left(5) fill_right(7) r', { '{a="1"}': 8, '{a="2"}': 22, '{a="3"}': 35 }],
    ['l + fill(1) nothing', { '{a="1"}': 2, '{a="2"}': 3 }],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0, options)).toEqual(expected);
  });
});

describe('operators of native histograms', () => {
  it('say that floats are not for them', () => {
    const store = load(MINUTE, { m: '1', n: '2' });
    for (const query of ['m </ 1', 'm >/ n']) {
      expect(vectorAt(store, query, 0)).toEqual({});
      const operator = query.split(' ')[1];
      expect(annotationsOf(store, query)).toEqual([
        `PromQL info: incompatible sample types encountered for binary operator "${operator}": float ${operator} float (1:1)`,
      ]);
    }
  });
});
