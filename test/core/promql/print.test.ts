import fc from 'fast-check';
import {
  type Expr,
  Matcher,
  parseExpr,
  printExpr,
  selectorsOf,
  type VectorSelector,
} from '../../../core/promql';

const label = fc.constantFrom('pod', 'job', 'by', 'on', 'k8s.io/name');
const name = fc.constantFrom('up', 'sum', 'offset', 'and', 'job:rate:5m', 'my.metric', 'inf');
const matcher = fc
  .tuple(label, fc.constantFrom('=', '!=', '=~', '!~'), fc.constantFrom('a', 'a|b', '.+', 'quo"te\\d'))
  .map(([key, operator, value]) => new Matcher(key, operator, value));
const selector: fc.Arbitrary<VectorSelector> = fc
  .tuple(name, fc.array(matcher, { maxLength: 3 }), fc.constantFrom(0, 1500, -90_000))
  .map(([metric, matchers, offsetMs]) => ({
    kind: 'vectorSelector',
    name: metric,
    matchers: [new Matcher('__name__', '=', metric), ...matchers],
    offsetMs,
  }));
const grouping = fc
  .record({ without: fc.boolean(), labels: fc.uniqueArray(label, { maxLength: 2 }) })
  .map(({ without, labels }) => ({ without, labels }));

const { vector, scalar } = fc.letrec<{ vector: Expr; scalar: Expr }>((tie) => ({
  vector: fc.oneof(
    { maxDepth: 4 },
    selector,
    selector.map((inner): Expr => ({
      kind: 'call',
      function: 'rate',
      args: [{ kind: 'matrixSelector', selector: inner, rangeMs: 90_000 }],
    })),
    fc.record<Expr & { kind: 'aggregate' }>({
      kind: fc.constant('aggregate'),
      operator: fc.constantFrom('sum', 'stddev'),
      operand: tie('vector'),
      grouping,
    }),
    fc.record<Expr & { kind: 'unary' }>({
      kind: fc.constant('unary'),
      operator: fc.constantFrom('-', '+'),
      operand: tie('vector'),
    }),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '%', '^', '>'), tie('vector'), tie('scalar'), fc.boolean())
      .map(([operator, left, right, swapped]): Expr => {
        const sides = swapped ? { left: right, right: left } : { left, right };
        return { kind: 'binary', operator, ...sides, returnBool: false, matching: undefined };
      }),
    fc
      .tuple(fc.constantFrom('+', '^', '==', '>='), tie('vector'), tie('vector'), fc.boolean(), fc.boolean())
      .map(([operator, left, right, on, grouped]): Expr => ({
        kind: 'binary',
        operator,
        left,
        right,
        returnBool: operator === '==',
        matching: {
          cardinality: grouped ? 'many-to-one' : 'one-to-one',
          on,
          labels: on ? ['job'] : [],
          include: grouped ? ['pod'] : [],
        },
      })),
    fc
      .tuple(fc.constantFrom('and', 'or', 'unless'), tie('vector'), tie('vector'))
      .map(([operator, left, right]): Expr => ({
        kind: 'binary',
        operator,
        left,
        right,
        returnBool: false,
        matching: { cardinality: 'many-to-many', on: true, labels: [], include: [] },
      })),
  ),
  scalar: fc.oneof(
    { maxDepth: 4 },
    fc.double().map((value): Expr => ({ kind: 'number', value })),
    tie('vector').map((inner): Expr => ({ kind: 'call', function: 'scalar', args: [inner] })),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '%', '^'), tie('scalar'), tie('scalar'))
      .map(([operator, left, right]): Expr => ({
        kind: 'binary',
        operator,
        left,
        right,
        returnBool: false,
        matching: undefined,
      })),
  ),
}));

describe('printExpr', () => {
  it.each([
    ['sum (rate(x{b="1", a="2"}[90s])) by (c)', 'sum by (c) (rate(x{b="1",a="2"}[1m30s]))'],
    ['(a + b) * -c', '(a + b) * (-c)'],
    ['(2 ^ 3) ^ -1', '(2 ^ 3) ^ (-1)'],
    ['a / on() group_left b', 'a / on () group_left () b'],
    ['{"my.metric","my.label"="1"} offset -5m', '{"my.metric","my.label"="1"} offset -5m'],
    ['{"inf"} > bool NaN', '{"inf"} > bool NaN'],
    ['sum without ("a.b") (x)', 'sum without ("a.b") (x)'],
    ['+x', '+x'],
    ['clamp(x, -Inf, Inf)', 'clamp(x, -Inf, Inf)'],
    ["'it\"s'", String.raw`"it\"s"`],
  ])('prints %s as %s', (text, printed) => {
    expect(printExpr(parseExpr(text))).toBe(printed);
  });

  it('prints what parses to the same expression', () => {
    fc.assert(
      fc.property(fc.oneof(vector, scalar), (expr) => {
        expect(parseExpr(printExpr(expr))).toEqual(expr);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every selector where it is', () => {
    fc.assert(
      fc.property(vector, (expr) => {
        expect(selectorsOf(parseExpr(printExpr(expr)))).toEqual(selectorsOf(expr));
      }),
    );
  });
});
