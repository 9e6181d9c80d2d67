import { parseExpr, selectorsOf } from '../../../../core/promql';

describe('selectorsOf', () => {
  it('tells what is read, in which window, and what is done to it', () => {
    const [use, ...others] = selectorsOf(
      parseExpr('sum(rate(requests_total{reporter="server"}[1m] offset 30s)) by (pod)'),
    );
    expect(others).toEqual([]);
    expect(use?.matchers.map(String)).toEqual(['__name__="requests_total"', 'reporter="server"']);
    expect(use).toMatchObject({
      name: 'requests_total',
      rangeMs: 60_000,
      offsetMs: 30_000,
      functions: ['sum', 'rate'],
      groupings: [{ operator: 'sum', without: false, labels: ['pod'] }],
    });
  });

  it('finds every selector in the order of the text', () => {
    const uses = selectorsOf(
      parseExpr('max without (a) (-x / on (b) sum(y)) or clamp_min({job="z"}, scalar(w)) + 1'),
    );
    expect(uses.map(({ name, functions }) => [name, functions])).toEqual([
      ['x', ['max']],
      ['y', ['max', 'sum']],
      [undefined, ['clamp_min']],
      ['w', ['clamp_min', 'scalar']],
    ]);
    expect(uses[1]?.groupings).toEqual([
      { operator: 'max', without: true, labels: ['a'] },
      { operator: 'sum', without: false, labels: [] },
    ]);
    expect(uses[0]?.rangeMs).toBeUndefined();
  });

  it('adds up the windows and offsets of subqueries', () => {
    const [use] = selectorsOf(
      parseExpr('max_over_time(sum(rate(x[5m] offset 1m))[1h:] offset 2m)[1d:] offset 3m'),
    );
    expect(use).toMatchObject({ rangeMs: 300_000, subqueryRangeMs: 90_000_000, offsetMs: 360_000 });
    expect(use).not.toHaveProperty('at');
    expect(use?.functions).toEqual(['max_over_time', 'sum', 'rate']);
  });

  it('leaves out what is around a fixed time', () => {
    const [fixed, inside, last] = selectorsOf(parseExpr('(x @ 5 offset 1m + y)[1h:] @ end() offset 2m'));
    expect(fixed).toMatchObject({ at: { atMs: 5000 }, offsetMs: 60_000, subqueryRangeMs: 0 });
    expect(inside).toMatchObject({ at: 'end', offsetMs: 120_000, subqueryRangeMs: 3_600_000 });
    expect(last).toBeUndefined();
  });

  it('computes lengths of time as an instant query does', () => {
    const [use] = selectorsOf(parseExpr('rate(x[5m * 2] offset (1m + range()))[1h / 2:]'));
    expect(use).toMatchObject({ rangeMs: 600_000, subqueryRangeMs: 1_800_000, offsetMs: 60_000 });
    expect(selectorsOf(parseExpr('x[5m / step()]'))).toMatchObject([{ rangeMs: 0 }]);
  });

  it('looks into parameters, which stand before the vector', () => {
    const uses = selectorsOf(parseExpr('topk(scalar(a), b)'));
    expect(uses.map(({ name, functions }) => [name, functions])).toEqual([
      ['a', ['topk', 'scalar']],
      ['b', ['topk']],
    ]);
  });

  it('finds nothing in literals', () => {
    expect(selectorsOf(parseExpr('1 + 2'))).toEqual([]);
    expect(selectorsOf(parseExpr('"x"'))).toEqual([]);
  });
});
