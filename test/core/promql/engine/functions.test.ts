import { prepare } from '../../../../core/promql';
import { annotationsOf, load, MINUTE, scalarOf, SECOND, valuesOver, vectorAt } from '../support';

describe('functions over time', () => {
  const store = load(MINUTE, { 'm{a="1"}': '1 5 3 3 -2 NaN', 'c{a="1"}': '1 2 1 2 2 3' });
  const at = 4 * MINUTE;

  it.each([
    ['first_over_time(m[5m])', { 'm{a="1"}': 1 }],
    ['last_over_time(m[5m])', { 'm{a="1"}': -2 }],
    ['quantile_over_time(0.5, m[5m])', { '{a="1"}': 3 }],
    ['quantile_over_time(0.25, m[4m])', { '{a="1"}': 1.75 }],
    ['stdvar_over_time(m[5m])', { '{a="1"}': 5.6 }],
    ['stddev_over_time(m[5m])', { '{a="1"}': Math.sqrt(5.6) }],
    ['changes(m[5m])', { '{a="1"}': 3 }],
    ['resets(c[5m])', { '{a="1"}': 1 }],
    ['deriv(c[2m])', { '{a="1"}': 0 }],
    ['predict_linear(c[4m], 60)', { '{a="1"}': 2 }],
    ['absent_over_time(m[5m])', {}],
    ['absent_over_time(x{a="1",b=~"2",a!="3"}[5m])', { '{}': 1 }],
    ['absent_over_time(x{a="1",b=~"2"}[5m])', { '{a="1"}': 1 }],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, at)).toEqual(expected);
  });

  it.each([
    ['mad_over_time(m[5m])', 2],
    ['ts_of_first_over_time(m[4m])', 60],
    ['ts_of_last_over_time(m[4m])', 240],
    ['ts_of_max_over_time(m[5m])', 60],
    ['ts_of_min_over_time(m[5m])', 240],
    ['double_exponential_smoothing(c[5m], 0.5, 0.5)', 2.3125],
  ])('%s, if experimental functions are on', (query, expected) => {
    expect(vectorAt(store, query, at, { experimentalFunctions: true })).toEqual({ '{a="1"}': expected });
    expect(() => prepare(query)).toThrow(/is not enabled/);
  });

  it('say where the level of a quantile makes no sense', () => {
    expect(annotationsOf(store, 'quantile_over_time(2, m[5m])', at)).toEqual([
      'PromQL warning: quantile value should be between 0 and 1, got 2 (1:20)',
    ]);
    expect(annotationsOf(store, 'quantile_over_time(2, nothing[5m])', at)).toEqual([]);
  });

  it('say that a rate is not of a counter', () => {
    expect(annotationsOf(store, 'sum(\n rate(m[5m]))', at)).toEqual([
      'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "m" (2:7)',
    ]);
  });
});

describe('absent', () => {
  const store = load(MINUTE, { 'm{a="1"}': '1 _ _ _ _ _ _ 1' });

  it('tells the labels that the missing series would have', () => {
    expect(vectorAt(store, 'absent(m)', 0)).toEqual({});
    expect(vectorAt(store, 'absent(x{a="1"})', 0)).toEqual({ '{a="1"}': 1 });
    expect(vectorAt(store, 'absent(sum(x{a="1"}))', 0)).toEqual({ '{}': 1 });
    expect(vectorAt(store, 'absent(x{a="1",a=~"1|2",b="2"})', 0)).toEqual({ '{b="2"}': 1 });
  });

  it('may know no label', () => {
    expect(vectorAt(store, 'absent(x{a!="2",a="1"}) * 1', 0)).toEqual({ '{}': 1 });
  });

  it('is there at the steps at which nothing else is', () => {
    expect(valuesOver(store, 'absent(m)', [4 * MINUTE, 7 * MINUTE, MINUTE])).toEqual({
      '{}': [null, 1, 1, null],
    });
  });
});

describe('label_replace and label_join', () => {
  const store = load(MINUTE, { 'm{a="x-1",b="2"}': '1', 'm{a="y",b="3"}': '2', 'n{a="y",b="3"}': '3' });

  it.each([
    [
      'label_replace(m, "c", "$1/$name", "a", "(?P<name>.)-(.*)")',
      { 'm{a="x-1", b="2", c="x/x"}': 1, 'm{a="y", b="3"}': 2 },
    ],
    ['label_replace(m, "a", "", "a", "y")', { 'm{a="x-1", b="2"}': 1, 'm{b="3"}': 2 }],
    [
      'label_replace(m, "c", "new", "missing", "")',
      { 'm{a="x-1", b="2", c="new"}': 1, 'm{a="y", b="3", c="new"}': 2 },
    ],
    ['label_replace(m{b="2"}, "__name__", "o", "", "")', { 'o{a="x-1", b="2"}': 1 }],
    ['label_join(m{b="2"}, "c", "-", "a", "b", "nothing")', { 'm{a="x-1", b="2", c="x-1-2-"}': 1 }],
    ['label_join(m{b="2"}, "a", ",")', { 'm{b="2"}': 1 }],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0)).toEqual(expected);
  });

  it.each([
    ['label_replace(m, "c", "$1", "a", "(")', 'invalid regular expression in label_replace(): ('],
    ['label_replace(m, "", "", "a", "")', 'invalid destination label name in label_replace(): '],
    ['label_join(m, "c", "", "")', 'invalid source label name in label_join(): '],
    ['label_replace(m, "a", "", "", "")', undefined],
    [
      'label_replace({a="y"}, "__name__", "o", "", "")',
      'vector cannot contain metrics with the same labelset',
    ],
  ])('%s fails with %s', (query, message) => {
    const evaluate = (): unknown => prepare(query).evaluate(store, 0);
    if (message === undefined) expect(evaluate).not.toThrow();
    else expect(evaluate).toThrow(message);
  });
});

describe('sorting', () => {
  const store = load(SECOND, { 'm{a="10"}': '2', 'm{a="9"}': 'NaN', 'm{a="b1"}': '1', 'm{a="b"}': '3' });
  const order = (query: string): unknown[] => {
    const result = prepare(query, { experimentalFunctions: true }).evaluate(store, 0);
    return result.type === 'vector' ? result.samples.map(({ labels }) => labels['a']) : [];
  };

  it.each([
    ['sort(m)', ['b1', '10', 'b', '9']],
    ['sort_desc(m)', ['b', '10', 'b1', '9']],
    ['sort_by_label(m, "a")', ['9', '10', 'b', 'b1']],
    ['sort_by_label_desc(m, "a")', ['b1', 'b', '10', '9']],
    ['sort_by_label(m, "nothing")', ['10', '9', 'b', 'b1']],
    ['topk(2, m)', ['b', '10']],
    ['bottomk(2, m)', ['b1', '10']],
    ['topk(9, m)', ['b', '10', 'b1', '9']],
  ])('%s', (query, expected) => {
    expect(order(query)).toEqual(expected);
  });

  it('says that a range query has its own order', () => {
    const { annotations } = prepare('sort(m)').evaluateRange(store, 0, 1000, 1000);
    expect(annotations.map(({ message }) => message)).toEqual([
      'PromQL warning: sort is ineffective for range queries since results are always ordered by labels (1:1)',
    ]);
  });
});

describe('dates', () => {
  it.each([
    ['year()', 1136239445, 2006],
    ['month()', 1136239445, 1],
    ['day_of_month()', 1456790399, 29],
    ['day_of_year()', 1483191420, 366],
    ['day_of_year()', 1136239445, 2],
    ['day_of_week()', 1136239445, 1],
    ['days_in_month()', 1454284800, 29],
    ['days_in_month()', 1485907200, 28],
    ['hour()', 1136239445, 22],
    ['minute()', 1136239445, 4],
  ])('%s at %d s is %d', (query, seconds, expected) => {
    expect(vectorAt(load(MINUTE, {}), query, seconds * 1000)).toEqual({ '{}': expected });
  });

  it('agree with the calendar of the platform', () => {
    for (let day = -200_000; day < 200_000; day += 97) {
      const date = new Date(day * 86_400_000);
      const at = (query: string): number | undefined =>
        vectorAt(load(MINUTE, {}), `${query}(vector(${day * 86_400}))`, 0)['{}'];
      expect([at('year'), at('month'), at('day_of_month'), at('day_of_week')]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCDay(),
      ]);
    }
  });

  it('overflow as they do in Go', () => {
    expect(vectorAt(load(MINUTE, {}), 'year(vector(NaN))', 0)).toEqual({ '{}': 292277026596 });
    expect(vectorAt(load(MINUTE, {}), 'year(vector(1e18))', 0)).toEqual({ '{}': 31688740476 });
  });
});

describe('functions of numbers', () => {
  it.each([
    ['pi()', Math.PI],
    ['scalar(deg(vector(pi())))', 180],
    ['scalar(rad(vector(180)))', Math.PI],
    ['scalar(exp(vector(0)))', 1],
    ['scalar(ln(vector(1)))', 0],
    ['scalar(log2(vector(8)))', 3],
    ['scalar(log10(vector(1000)))', 3],
    ['1 atan2 1', Math.PI / 4],
    ['-7 % 3', -1],
    ['1 ^ NaN', 1],
  ])('%s', (query, expected) => {
    expect(scalarOf(query)).toBeCloseTo(expected, 12);
  });
});
