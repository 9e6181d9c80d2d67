import fc from 'fast-check';
import { prepare, SeriesStore } from '../../../../core/promql';
import { load, MINUTE, SECOND, vectorAt } from '../support';

/** The only value of a vector; undefined if it is empty. */
function only(rows: string, query: string, atSeconds: number, stepMs = 10 * SECOND): number | undefined {
  const values = Object.values(vectorAt(load(stepMs, { m: rows }), query, atSeconds * SECOND));
  expect(values.length).toBeLessThan(2);
  return values[0];
}

describe('rate, increase, delta', () => {
  it('extrapolates a full window to its ends; the window excludes its start', () => {
    // Six samples 10 … 60, ten seconds from the excluded start: 50 in 50 s becomes 60 in 60 s.
    expect(only('0+10x12', 'increase(m[1m])', 60)).toBe(60);
    expect(only('0+10x12', 'rate(m[1m])', 60)).toBe(1);
  });

  it('goes half an interval beyond the first sample if the series starts inside the window', () => {
    expect(only('_ _ _ 100 110 120 130', 'increase(m[1m])', 60)).toBeCloseTo(35, 12);
  });

  it('does not extrapolate a counter below zero', () => {
    expect(only('_ _ _ 2 12 22 32', 'increase(m[1m])', 60)).toBeCloseTo(32, 12);
    expect(only('_ _ _ 2 12 22 32', 'delta(m[1m])', 60)).toBeCloseTo(35, 12);
    expect(only('_ _ _ 0 10 20 30', 'increase(m[1m])', 60)).toBe(30);
  });

  it('goes half an interval beyond the last sample if that is more than 1.1 intervals before the end', () => {
    // Three samples, the last of them at 40 s: the end is 10 s, then 12 s after it.
    expect(only('50+10x4', 'increase(m[40s])', 50)).toBe(40);
    expect(only('50+10x4', 'increase(m[40s])', 52)).toBeCloseTo(20 + 8 + 5, 12);
  });

  it('adds what a counter had before each reset', () => {
    expect(only('0 10 20 5 15', 'increase(m[40s])', 40)).toBeCloseTo(25 * (40 / 30), 12);
    expect(only('0 1 2 3 2 3 4', 'increase(m[30m])', 1800, 5 * MINUTE)).toBe(7);
    expect(only('0 10 20 5 15', 'delta(m[40s])', 40)).toBeCloseTo(5 * (40 / 30), 12);
  });

  it('needs two samples', () => {
    expect(only('0+10x12', 'rate(m[10s])', 60)).toBeUndefined();
    expect(only('0+10x12', 'rate(m[20s])', 60)).toBe(1);
    expect(only('0+10x12', 'rate(m[1m])', 600)).toBeUndefined();
  });

  it('skips staleness markers', () => {
    expect(only('0 10 stale 30', 'increase(m[30s])', 30)).toBe(30);
  });

  it('gives NaN if a sample at the ends is NaN', () => {
    expect(only('NaN 10 20', 'rate(m[30s])', 20)).toBeNaN();
    expect(only('1 NaN 20', 'rate(m[30s])', 20)).not.toBeNaN();
  });

  it('gives the values of the upstream tests', () => {
    const store = load(5 * MINUTE, {
      'http_requests_total{path="/foo"}': '0+10x10',
      'http_requests_total{path="/bar"}': '0+18x5 0+18x4',
      'http_requests_total{path="/dings"}': '10+10x10',
      'http_requests_total{path="/bumms"}': '1+10x10',
    });
    const rounded = (query: string) =>
      Object.entries(vectorAt(store, query, 50 * MINUTE)).map(([key, value]) => [
        key,
        Number(value.toFixed(9)),
      ]);
    expect(rounded('increase(http_requests_total[50m])')).toEqual([
      ['{path="/foo"}', 100],
      ['{path="/bar"}', 160],
      ['{path="/dings"}', 100],
      ['{path="/bumms"}', 100],
    ]);
    expect(rounded('increase(http_requests_total[100m])')).toEqual([
      ['{path="/foo"}', 100],
      ['{path="/bar"}', 162],
      ['{path="/dings"}', 105],
      ['{path="/bumms"}', 101],
    ]);
  });

  it('moves the window by the offset', () => {
    expect(only('0+10x12 120+20x12', 'rate(m[1m] offset 2m)', 240)).toBe(1);
    expect(only('0+10x12', 'rate(m[1m] offset -1m)', 0)).toBe(1);
  });

  const gains = fc.array(fc.record({ step: fc.integer({ min: 1, max: 40 }), value: fc.nat(1000) }), {
    maxLength: 30,
  });

  it('is never negative for a counter, resets or not', () => {
    fc.assert(
      fc.property(gains, fc.nat(600), (steps, at) => {
        const store = new SeriesStore();
        const series = store.series({ __name__: 'm' });
        let time = 0;
        for (const { step, value } of steps) series.append((time += step * SECOND), value);
        for (const value of Object.values(vectorAt(store, 'rate(m[1m])', at * SECOND))) {
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('never sees more of a growing counter than its value', () => {
    fc.assert(
      fc.property(gains, (steps) => {
        const store = new SeriesStore();
        const series = store.series({ __name__: 'm' });
        let time = 0;
        let total = 0;
        for (const { step, value } of steps) series.append((time += step * SECOND), (total += value));
        for (const value of Object.values(vectorAt(store, 'increase(m[1h])', time))) {
          expect(value).toBeLessThanOrEqual(total * (1 + 1e-12));
        }
      }),
    );
  });
});

describe('irate and idelta', () => {
  it('look at the last two samples only', () => {
    expect(only('0 100 110', 'irate(m[1m])', 20)).toBe(1);
    expect(only('0 100 90', 'idelta(m[1m])', 20)).toBe(-10);
    expect(only('0', 'irate(m[1m])', 20)).toBeUndefined();
  });

  it('take a counter that fell for one that started again at zero', () => {
    expect(only('0 20 5', 'irate(m[1m])', 20)).toBe(0.5);
  });
});

describe('functions over time', () => {
  it.each([
    ['avg_over_time', 2.5],
    ['min_over_time', 1],
    ['max_over_time', 4],
    ['sum_over_time', 10],
    ['count_over_time', 4],
    ['last_over_time', 3],
    ['present_over_time', 1],
  ])('%s', (name, expected) => {
    expect(only('9 1 2 stale 4 3', `${name}(m[50s])`, 50)).toBe(expected);
  });

  it('take windows of any length', () => {
    expect(only('1x499', 'count_over_time(m[1h])', 499, SECOND)).toBe(500);
    expect(only('0+1x499', 'sum_over_time(m[100s])', 499, SECOND)).toBe(44_950);
  });

  it('give nothing for an empty window', () => {
    expect(only('1 stale', 'count_over_time(m[10s])', 10)).toBeUndefined();
  });

  it('ignore NaN in least and greatest unless there is nothing else', () => {
    expect(only('NaN 2 NaN 1', 'max_over_time(m[1m])', 30)).toBe(2);
    expect(only('NaN 2 NaN 1', 'min_over_time(m[1m])', 30)).toBe(1);
    expect(only('NaN NaN', 'min_over_time(m[1m])', 30)).toBeNaN();
  });

  it('sum without losing small terms', () => {
    expect(only('1 1e100 1 -1e100', 'sum_over_time(m[1m])', 30)).toBe(2);
    expect(only('1 1e100 1 -1e100', 'avg_over_time(m[1m])', 30)).toBe(0.5);
  });

  it('average what would overflow as a sum', () => {
    expect(only('9.988465674311579e307 9.988465674311579e307', 'avg_over_time(m[1m])', 30)).toBe(
      9.988465674311579e307,
    );
    expect(only('Inf 1', 'avg_over_time(m[1m])', 30)).toBe(Infinity);
    expect(only('Inf -Inf', 'avg_over_time(m[1m])', 30)).toBeNaN();
  });

  it('drop the metric name, but for last_over_time', () => {
    const store = load(SECOND, { 'm{a="1"}': '5' });
    expect(vectorAt(store, 'max_over_time(m[1m])', 0)).toEqual({ '{a="1"}': 5 });
    expect(vectorAt(store, 'last_over_time(m[1m])', 0)).toEqual({ 'm{a="1"}': 5 });
  });

  it('refuse series that differ in the metric name only, as long as both have a result', () => {
    const store = load(10 * SECOND, { 'x{a="1"}': '1 2 3', 'y{a="1"}': '1' });
    const query = prepare('rate({a="1"}[20s])');
    expect(query.evaluate(store, 20 * SECOND)).toMatchObject({ samples: [{ value: 0.1 }] });
    expect(() => prepare('sum_over_time({a="1"}[30s])').evaluate(store, 20 * SECOND)).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });
});
