import fc from 'fast-check';
import { type Expr, parseExpr, printExpr, selectorsOf } from '../../../../core/promql';
import { scalar, vector } from '../arbitrary-expressions';
import { ALL_FEATURES, withoutPositions } from '../trees';

const OPEN_OFFSET = 'x offset (1m + step())';

describe('printExpr', () => {
  it.each([
    ['sum (rate(x{b="1", a="2"}[90s])) by (c)', 'sum by (c) (rate(x{b="1",a="2"}[1m30s]))'],
    ['(a + b) * -c', '(a + b) * -c'],
    ['(2 ^ 3) ^ -1', '(2 ^ 3) ^ -1'],
    ['(-1) ^ 2', '(-1) ^ 2'],
    ['-(1)', '-(1)'],
    ['-(-x)', '--x'],
    ['-(x ^ 2)', '-x ^ 2'],
    ['-(x * 2)', '-(x * 2)'],
    ['a / on() group_left b', 'a / on () group_left () b'],
    ['a == bool ignoring(b) c', 'a == bool ignoring (b) c'],
    ['{"my.metric","my.label"="1"} offset -5m', '{__name__="my.metric","my.label"="1"} offset -5m'],
    ['{"inf"} > bool NaN', '{__name__="inf"} > bool NaN'],
    ['{__name__="x",a="b"}', 'x{a="b"}'],
    ['{"x","y"}', '{__name__="x",__name__="y"}'],
    ['sum without ("a.b") (x)', 'sum without ("a.b") (x)'],
    ['sum by ("without", "inf", by) (x)', 'sum by ("without", "inf", by) (x)'],
    ['topk(3, x) by (a)', 'topk by (a) (3, x)'],
    ['count_values("v", x)', 'count_values("v", x)'],
    ['+x', '+x'],
    ['clamp(x, -Inf, Inf)', 'clamp(x, -Inf, +Inf)'],
    ['1e3 + 1e21 + 1e-7 + -0', '1000 + 1000000000000000000000 + 0.0000001 + -0'],
    ["'it\"s'", String.raw`"it\"s"`],
    [String.raw`"\xff\n"`, String.raw`"\xff\n"`],
    ['x[1w] offset 2y', 'x[1w] offset 2y'],
    ['x[36h]', 'x[1d12h]'],
    ['x[0.0001]', 'x[0.0001]'],
    ['x @ 5 offset 5m', 'x @ 5.000 offset 5m'],
    ['x offset 5m @ end()', 'x @ end() offset 5m'],
    ['x[5m:] offset 1m', 'x[5m:] offset 1m'],
    ['(a + b)[5m:1m] @ -1.5', '(a + b)[5m:1m] @ -1.500'],
    ['(-x)[5m:]', '(-x)[5m:]'],
    ['rate(x[1m])[1h:]', 'rate(x[1m])[1h:]'],
    ['x[5m] anchored @ 1', 'x[5m] anchored @ 1.000'],
    ['x smoothed', 'x smoothed'],
    ['a + fill(0) b', 'a + fill (0) b'],
    ['a + fill_right(-Inf) b', 'a + fill_right (-Inf) b'],
    ['a + fill_right(1) fill_left(2) b', 'a + fill_left (2) fill_right (1) b'],
    ['x[(1h - 5m) * 2:step()]', 'x[(1h - 5m) * 2s:step()]'],
    ['x[-min_of(1m, -step() ^ 2) + 1h]', 'x[-min_of(1m, -step() ^ 2s) + 1h]'],
    ['x offset -(1m + step())', 'x offset -(1m + step())'],
    ['x offset +step()', 'x offset +step()'],
    [OPEN_OFFSET, OPEN_OFFSET],
    [`(${OPEN_OFFSET}) + 3`, `(${OPEN_OFFSET}) + 3`],
    [`(a * ${OPEN_OFFSET}) - 3`, `(a * ${OPEN_OFFSET}) - 3`],
    [`(-${OPEN_OFFSET}) - 3`, `(-${OPEN_OFFSET}) - 3`],
    ['info(x, {"y",a="b"})', 'info(x, {__name__="y",a="b"})'],
  ])('prints %s as %s', (text, printed) => {
    expect(printExpr(parseExpr(text, ALL_FEATURES))).toBe(printed);
  });

  it('prints what parses to the same expression', () => {
    fc.assert(
      fc.property(fc.oneof(vector, scalar), (expr: Expr) => {
        expect(withoutPositions(parseExpr(printExpr(expr), ALL_FEATURES))).toEqual(withoutPositions(expr));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every selector where it is', () => {
    fc.assert(
      fc.property(vector, (expr) => {
        expect(selectorsOf(parseExpr(printExpr(expr), ALL_FEATURES))).toEqual(selectorsOf(expr));
      }),
    );
  });
});
