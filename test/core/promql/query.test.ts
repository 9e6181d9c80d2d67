import { prepare, SeriesStore } from '../../../core/promql';
import { load, MINUTE, scalarOf, SECOND, vectorAt } from './support';

describe('instant selectors', () => {
  const store = load(10 * SECOND, { m: '0 1 stale 2' });

  it('see the newest sample for five minutes, the start of which is excluded', () => {
    expect(vectorAt(store, 'm', 30 * SECOND)).toEqual({ m: 2 });
    expect(vectorAt(store, 'm', 329_999)).toEqual({ m: 2 });
    expect(vectorAt(store, 'm', 330 * SECOND)).toEqual({});
  });

  it('do not see a series that is stale', () => {
    expect(vectorAt(store, 'm', 10 * SECOND)).toEqual({ m: 1 });
    expect(vectorAt(store, 'm', 20 * SECOND)).toEqual({});
    expect(vectorAt(store, 'm', 29 * SECOND)).toEqual({});
  });

  it('look back as far as they are told', () => {
    const query = prepare('m', { lookbackMs: 15 * SECOND });
    expect(query.evaluate(store, 44 * SECOND)).toMatchObject({ samples: [{ value: 2 }] });
    expect(query.evaluate(store, 45 * SECOND)).toMatchObject({ type: 'vector', samples: [] });
  });

  it('move by an offset in both directions', () => {
    expect(vectorAt(store, 'm offset 20s', 30 * SECOND)).toEqual({ m: 1 });
    expect(vectorAt(store, 'm offset -30s', 0)).toEqual({ m: 2 });
  });
});

describe('functions of one vector', () => {
  const store = load(SECOND, { 'm{a="1"}': '-1.5', 'm{a="2"}': '2.25', 'm{a="3"}': 'NaN' });

  it.each([
    ['abs(m)', 1.5, 2.25],
    ['ceil(m)', -1, 3],
    ['floor(m)', -2, 2],
    ['sgn(m)', -1, 1],
    ['sqrt(m)', Number.NaN, 1.5],
    ['round(m)', -1, 2],
    ['round(m, 0.5)', -1.5, 2.5],
    ['clamp(m, -1, 2)', -1, 2],
    ['clamp_min(m, 0)', 0, 2.25],
    ['clamp_max(m, 1)', -1.5, 1],
  ])('%s', (query, first, second) => {
    expect(vectorAt(store, query, 0)).toEqual({ '{a="1"}': first, '{a="2"}': second, '{a="3"}': Number.NaN });
  });

  it('clamp to nothing if the bounds are crossed, and NaN to an infinite bound', () => {
    expect(vectorAt(store, 'clamp(m, 2, 1)', 0)).toEqual({});
    expect(vectorAt(store, 'clamp_min(m{a="3"}, Inf)', 0)).toEqual({ '{a="3"}': Infinity });
    expect(vectorAt(store, 'clamp_max(m{a="3"}, -Inf)', 0)).toEqual({ '{a="3"}': -Infinity });
  });

  it('turn vectors into scalars and back', () => {
    expect(scalarOf('scalar(m{a="2"})', 0, store)).toBe(2.25);
    expect(scalarOf('scalar(m)', 0, store)).toBeNaN();
    expect(scalarOf('scalar(nothing)', 0, store)).toBeNaN();
    expect(vectorAt(store, 'vector(time() + 1)', 1500)).toEqual({ '{}': 2.5 });
  });
});

describe('a prepared query', () => {
  it('sees series that come and go after it was prepared', () => {
    const store = new SeriesStore();
    const query = prepare('sum(m)');
    expect(query.evaluate(store, 0)).toMatchObject({ type: 'vector', samples: [] });
    const first = store.series({ __name__: 'm', a: '1' });
    first.append(0, 1);
    expect(query.evaluate(store, 0)).toMatchObject({ samples: [{ value: 1 }] });
    store.series({ __name__: 'm', a: '2' }).append(5, 2);
    expect(query.evaluate(store, 5)).toMatchObject({ samples: [{ value: 3 }] });
    store.truncate(5);
    expect(query.evaluate(store, 5)).toMatchObject({ samples: [{ value: 2 }] });
    first.append(6, 4);
    expect(query.evaluate(store, 6)).toMatchObject({ samples: [{ value: 6 }] });
  });

  it('can be used with several stores', () => {
    const query = prepare('m');
    const [one, two] = ['1', '2'].map((value) => load(SECOND, { m: value }));
    for (const [store, value] of [
      [one, 1],
      [two, 2],
      [one, 1],
    ] as const) {
      expect(query.evaluate(store ?? new SeriesStore(), 0)).toMatchObject({ samples: [{ value }] });
    }
  });

  it('answers with a string or a range vector where that is the expression', () => {
    const store = load(SECOND, { 'm{a="1"}': '1 stale 3', 'm{a="2"}': '7' });
    expect(prepare('"text"').evaluate(store, 0)).toMatchObject({ type: 'string', value: 'text' });
    expect(prepare('m[2s]').evaluate(store, 2 * SECOND)).toMatchObject({
      type: 'matrix',
      series: [{ labels: { __name__: 'm', a: '1' }, points: [{ atMs: 2000, value: 3 }] }],
    });
  });
});

describe('a range query', () => {
  const store = load(MINUTE, { 'm{a="1"}': '0+60x5', 'm{a="2"}': '_ _ 1 stale' });

  it('evaluates at every step, the last included', () => {
    expect(prepare('m').evaluateRange(store, 0, 3 * MINUTE, MINUTE)).toMatchObject({
      type: 'matrix',
      series: [
        {
          labels: { __name__: 'm', a: '1' },
          points: [0, 60, 120, 180].map((value, index) => ({ atMs: index * MINUTE, value })),
        },
        { labels: { __name__: 'm', a: '2' }, points: [{ atMs: 2 * MINUTE, value: 1 }] },
      ],
    });
  });

  it('evaluates once if it ends where it starts', () => {
    expect(prepare('time()').evaluateRange(store, 1000, 1000, 1000)).toMatchObject({
      series: [{ points: [{ atMs: 1000, value: 1 }] }],
    });
  });

  it('gives a scalar as one series without labels', () => {
    expect(prepare('time()').evaluateRange(store, 0, 1500, 1000)).toMatchObject({
      type: 'matrix',
      series: [
        {
          labels: {},
          points: [
            { atMs: 0, value: 0 },
            { atMs: 1000, value: 1 },
          ],
        },
      ],
    });
  });

  it.each(['"text"', 'm[1m]'])('refuses %s', (text) => {
    expect(() => prepare(text).evaluateRange(store, 0, 1, 1)).toThrow(
      /invalid expression type .* for range query/,
    );
  });

  it('refuses a step that does not advance, and an end before the start', () => {
    expect(() => prepare('m').evaluateRange(store, 0, 1, 0)).toThrow(/step of 0 ms: it must be positive/);
    expect(() => prepare('m').evaluateRange(store, 1, 0, 1)).toThrow(
      /end timestamp must not be before start time/,
    );
  });
});

describe('a query of many steps', () => {
  const store = load(SECOND, { x: '1x600' });

  it.each(['topk(1, x)', 'quantile(0.5, x)', 'x'])('has as many as it is asked for: %s', (query) => {
    const { series } = prepare(query).evaluateRange(store, 0, 300 * SECOND, 2);
    expect(series[0]?.points).toHaveLength(150_001);
  });

  it.each([
    ['vector(1)', [0, 60_000_000, 1]],
    ['count_over_time(x[200y:1ms])', [0, 0, 1]],
  ] as const)(
    'is refused where Prometheus would run out of samples: %s',
    (query, [startMs, endMs, stepMs]) => {
      expect(() => prepare(query).evaluateRange(store, startMs, endMs, stepMs)).toThrow(
        'query processing would load too many samples into memory in query execution',
      );
    },
  );

  it('is refused at times that are none', () => {
    expect(() => prepare('x').evaluateRange(store, 0, Infinity, 1)).toThrow(
      /end of Infinity ms: it must be whole/,
    );
    expect(() => prepare('x').evaluate(store, Number.NaN)).toThrow(/time of NaN ms/);
  });
});
