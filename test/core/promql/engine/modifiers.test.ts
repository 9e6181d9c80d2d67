import { prepare } from '../../../../core/promql';
import { load, MINUTE, SECOND, valuesOver, vectorAt } from '../support';

const EVERY_MINUTE = [0, 4 * MINUTE, MINUTE] as const;

describe('the @ modifier', () => {
  const store = load(MINUTE, { m: '0+1x10', n: '0+10x10' });

  it.each([
    ['m @ 120', 2],
    ['m @ 120 offset 1m', 1],
    ['m offset 1m @ 120', 1],
    ['m offset -1m @ 120', 3],
    ['sum_over_time(m[2m] @ 240)', 7],
    ['sum_over_time(m[2m:1m] @ 240)', 7],
    ['sum_over_time((m @ 60)[3m:1m])', 3],
    ['m @ start()', 5],
    ['m @ end()', 5],
  ])('%s', (query, value) => {
    expect(Object.values(vectorAt(store, query, 5 * MINUTE))).toEqual([value]);
  });

  it('means the same at every step, start() and end() being those of the query', () => {
    expect(valuesOver(store, 'm @ start()', [MINUTE, 3 * MINUTE, MINUTE])).toEqual({ m: [1, 1, 1] });
    expect(valuesOver(store, 'm @ end()', [MINUTE, 3 * MINUTE, MINUTE])).toEqual({ m: [3, 3, 3] });
    expect(valuesOver(store, 'n - ignoring() m @ end()', [MINUTE, 2 * MINUTE, MINUTE])).toEqual({
      '{}': [8, 18],
    });
  });

  it('gives timestamp() that of the sample, whatever the offset', () => {
    expect(vectorAt(store, 'timestamp(m @ 90)', 5 * MINUTE)).toEqual({ '{}': 60 });
    expect(vectorAt(store, 'timestamp(m @ 90 offset 1m)', 5 * MINUTE)).toEqual({ '{}': 60 });
    expect(vectorAt(store, 'timestamp(m offset 1m)', 5 * MINUTE)).toEqual({ '{}': 240 });
    expect(vectorAt(store, 'timestamp(m + 0)', 90 * SECOND)).toEqual({ '{}': 90 });
  });

  it('leaves a function of the evaluation time to every step', () => {
    expect(valuesOver(store, 'predict_linear(m[4m] @ 240, 60)', [0, 2 * MINUTE, MINUTE])).toEqual({
      '{}': [1, 2, 3],
    });
    // Prometheus evaluates such a subquery once and then does not find it: nothing comes out.
    expect(vectorAt(store, 'predict_linear(m[4m:1m] @ 240, 60)', 0)).toEqual({});
  });
});

describe('a subquery', () => {
  const store = load(MINUTE, { m: '0+1x10' });

  it('evaluates at multiples of its step, the start excluded', () => {
    const { series } = { series: [], ...prepare('m[2m:30s]').evaluate(store, 150 * SECOND) };
    expect(series).toMatchObject([
      { points: [1, 1, 2, 2].map((value, index) => ({ atMs: (60 + index * 30) * SECOND, value })) },
    ]);
  });

  it('has the evaluation interval of the server as its step by default', () => {
    expect(vectorAt(store, 'count_over_time(m[4m:])', 5 * MINUTE)).toEqual({ '{}': 4 });
    expect(vectorAt(store, 'count_over_time(m[4m:])', 5 * MINUTE, { subqueryStepMs: 30 * SECOND })).toEqual({
      '{}': 8,
    });
  });

  it('can be moved, and stand in another', () => {
    expect(vectorAt(store, 'max_over_time(m[2m:1m] offset 3m)', 5 * MINUTE)).toEqual({ '{}': 2 });
    expect(vectorAt(store, 'max_over_time(sum_over_time(m[2m:1m])[2m:1m])', 5 * MINUTE)).toEqual({ '{}': 9 });
  });

  it('is evaluated at each step of a range query', () => {
    expect(valuesOver(store, 'sum_over_time(m[2m:1m])', EVERY_MINUTE)).toEqual({ '{}': [0, 1, 3, 5, 7] });
  });
});

describe('computed durations', () => {
  const store = load(MINUTE, { m: '0+1x20' });

  it.each([
    ['m offset (1m + 60)', 8],
    ['m offset -(1m)', 11],
    ['count_over_time(m[2m * 3])', 6],
    ['count_over_time(m[2 ^ 7])', 3],
    ['count_over_time(m[max_of(1m, 3m)])', 3],
    ['count_over_time(m[min_of(1m, 3m):30s * 1])', 2],
  ])('%s', (query, value) => {
    expect(Object.values(vectorAt(store, query, 10 * MINUTE))).toEqual([value]);
  });

  it('know the step and the range of the query', () => {
    expect(valuesOver(store, 'count_over_time(m[step()])', [2 * MINUTE, 6 * MINUTE, 2 * MINUTE])).toEqual({
      '{}': [2, 2, 2],
    });
    expect(valuesOver(store, 'm offset range()', [4 * MINUTE, 8 * MINUTE, 2 * MINUTE])).toEqual({
      m: [0, 2, 4],
    });
  });

  it.each([
    ['count_over_time(m[1m - 1m])', /duration must be greater than 0/],
    ['count_over_time(m[1m / 0])', /division by zero/],
    ['count_over_time(m[1m % 0])', /modulo by zero/],
    ['count_over_time(m[step()])', /duration must be greater than 0/],
    ['m offset (10 ^ 300)', /duration is out of range/],
    ['m offset (10 ^ 1000)', /duration is NaN or infinite/],
  ])('refuses %s', (query, message) => {
    expect(() => prepare(query).evaluate(store, 0)).toThrow(message);
  });
});

describe('experimental functions of the query', () => {
  const options = { experimentalFunctions: true };

  it('fold start(), end(), range() and step() to numbers', () => {
    const store = load(MINUTE, { m: '1' });
    const range = [60_000, 180_000, 30_000] as const;
    const values = (query: string): unknown => Object.values(valuesOver(store, query, range, options))[0];
    expect(values('start()')).toEqual([60, 60, 60, 60, 60]);
    expect(values('end() - start()')).toEqual([120, 120, 120, 120, 120]);
    expect(values('range() / step()')).toEqual([4, 4, 4, 4, 4]);
    expect(prepare('step()', options).evaluate(store, 0)).toMatchObject({ value: 0 });
  });

  it('are refused without their flag', () => {
    expect(() => prepare('start()')).toThrow(/is not enabled/);
  });
});
