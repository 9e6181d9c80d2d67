import { parseExpr, selectorsOf } from '../../../core/promql';

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

  it('finds nothing in literals', () => {
    expect(selectorsOf(parseExpr('1 + 2'))).toEqual([]);
    expect(selectorsOf(parseExpr('"x"'))).toEqual([]);
  });
});
