import fc from 'fast-check';
import { type Expr, Matcher, type VectorSelector } from '../../../core/promql';
import {
  type AtModifier,
  type BinaryExpr,
  type DurationExpr,
  type MatrixSelector,
  type SubqueryExpr,
  type VectorMatching,
} from '../../../core/promql/language/ast';

/** Random trees of all nodes: what the parser can make of some text. Positions are left out, or mean nothing. */
const NOWHERE = { start: 0, end: 0 };

const label = fc.constantFrom('pod', 'job', 'by', 'on', 'without', 'inf', 'a:b', 'k8s.io/name', 'ü');
const name = fc.constantFrom(
  'up',
  'sum',
  'offset',
  'and',
  'fill',
  'step',
  'job:rate:5m',
  'my.metric',
  'inf',
  'bool',
);
const text = fc.constantFrom('', 'a', 'a|b', '.+', 'quo"te\\d', 'line\nend', '\udcff', '😀', "'");
const matcher = fc
  .tuple(label, fc.constantFrom('=', '!=', '=~', '!~'), text)
  .filter(([, operator, value]) => value !== 'line\nend' || operator === '=')
  .map(([key, operator, value]) => new Matcher(key, operator, value));
const lengthMs = fc.constantFrom(60_000, 90_000, 1500, 604_800_000, 31_536_000_000, 0.0015, 1);
const at = fc.constantFrom<AtModifier | undefined>(
  ...([undefined, undefined, 'start', 'end', { atMs: 1500 }, { atMs: -1 }, { atMs: 1e15 }] as const),
);

const { duration } = fc.letrec<{ duration: DurationExpr; computed: DurationExpr }>((tie) => ({
  duration: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .constantFrom(0, 60, 300, 0.001, 1.5, 3e-7, 86_400, -60)
      .map((seconds): DurationExpr => ({ kind: 'seconds', seconds })),
    tie('computed'),
  ),
  computed: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('step', 'range').map((kind): DurationExpr => ({ kind, position: NOWHERE })),
    fc
      .tuple(
        fc.constantFrom('+', '-', '*', '/', '%', '^', 'min_of', 'max_of'),
        tie('duration'),
        tie('duration'),
      )
      .filter(
        ([operator, , right]) => !'/%'.includes(operator) || right.kind !== 'seconds' || right.seconds !== 0,
      )
      .map(([operator, left, right]): DurationExpr => operation(operator, left, right)),
    tie('computed').map((right): DurationExpr => operation('-', undefined, right)),
  ),
}));
const computed = duration.filter(({ kind }) => kind !== 'seconds');

function operation(
  operator: Extract<DurationExpr, { kind: 'operation' }>['operator'],
  left: DurationExpr | undefined,
  right: DurationExpr,
): DurationExpr {
  return { kind: 'operation', operator, left, right, position: NOWHERE };
}

const offset = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 0, 1500, -90_000, 0.25).map((offsetMs) => ({ offsetMs })) },
  { weight: 1, arbitrary: computed.map((offsetExpr) => ({ offsetMs: 0, offsetExpr })) },
);
const extended = fc.constantFrom('anchored' as const, 'smoothed' as const, undefined, undefined, undefined);

const selector: fc.Arbitrary<VectorSelector> = fc
  .tuple(name, fc.array(matcher, { maxLength: 3 }), offset, at, extended)
  .map(([metric, matchers, moved, fixed, kind]) => ({
    kind: 'vectorSelector',
    name: metric,
    matchers: [new Matcher('__name__', '=', metric), ...matchers],
    ...moved,
    at: fixed,
    extended: kind,
  }));
const range = fc.oneof(
  { weight: 4, arbitrary: lengthMs.map((rangeMs) => ({ rangeMs })) },
  { weight: 1, arbitrary: computed.map((rangeExpr) => ({ rangeMs: 0, rangeExpr })) },
);
const matrix: fc.Arbitrary<MatrixSelector> = fc
  .tuple(selector, range)
  .map(([inner, length]) => ({ kind: 'matrixSelector', selector: inner, ...length }));
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 60_000).map((stepMs) => ({ stepMs })) },
  { weight: 1, arbitrary: computed.map((stepExpr) => ({ stepMs: 0, stepExpr })) },
);
const grouping = fc
  .record({ without: fc.boolean(), labels: fc.uniqueArray(label, { maxLength: 2 }) })
  .map(({ without, labels }) => ({ without, labels }));
const fill = fc.constantFrom<VectorMatching['fill']>(
  ...[
    undefined,
    undefined,
    { left: 0, right: 0 },
    { left: -1.5 },
    { right: Infinity },
    { left: 1, right: -2 },
  ],
);
const matching = fc
  .record({ on: fc.boolean(), labels: fc.uniqueArray(label, { maxLength: 2 }), fill, group: fc.nat(2) })
  .map(({ on, labels, fill: values, group }): VectorMatching => {
    const cardinality = (['one-to-one', 'many-to-one', 'one-to-many'] as const)[group] ?? 'one-to-one';
    return { cardinality, on, labels, include: group === 0 ? [] : ['zone'], fill: values };
  });

function binary(
  operator: BinaryExpr['operator'],
  left: Expr,
  right: Expr,
  more: Partial<BinaryExpr> = {},
): BinaryExpr {
  return { kind: 'binary', operator, left, right, returnBool: false, matching: undefined, ...more };
}

const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;

const trees = fc.letrec<{ vector: Expr; scalar: Expr; subquery: SubqueryExpr; matrix: Expr }>((tie) => ({
  vector: fc.oneof(
    { maxDepth: 4 },
    selector,
    tie('matrix').map((argument): Expr => ({ kind: 'call', function: 'rate', args: [argument] })),
    fc
      .tuple(fc.constantFrom('sum', 'stddev'), tie('vector'), grouping)
      .map(([operator, operand, groups]): Expr => ({
        kind: 'aggregate',
        operator,
        operand,
        grouping: groups,
      })),
    fc
      .tuple(fc.constantFrom('topk', 'quantile', 'limitk'), tie('scalar'), tie('vector'), grouping)
      .map(([operator, parameter, operand, groups]): Expr => ({
        kind: 'aggregate',
        operator,
        operand,
        parameter,
        grouping: groups,
      })),
    fc
      .tuple(fc.constantFrom('-', '+'), tie('vector'))
      .map(([operator, operand]): Expr => ({ kind: 'unary', operator, operand })),
    fc
      .tuple(fc.constantFrom(...ARITHMETIC, '>', '</'), tie('vector'), tie('scalar'), fc.boolean())
      .map(([operator, left, right, swapped]): Expr =>
        binary(operator, swapped ? right : left, swapped ? left : right),
      ),
    fc
      .tuple(fc.constantFrom('+', '^', '==', '>=', '>/'), tie('vector'), tie('vector'), matching)
      .map(([operator, left, right, pairs]): Expr =>
        binary(operator, left, right, { matching: pairs, returnBool: operator === '==' }),
      ),
    fc
      .tuple(fc.constantFrom('and', 'or', 'unless'), tie('vector'), tie('vector'), fc.boolean())
      .map(([operator, left, right, on]): Expr =>
        binary(operator, left, right, {
          matching: { cardinality: 'many-to-many', on, labels: on ? ['job'] : [], include: [] },
        }),
      ),
    fc.tuple(tie('vector'), fc.array(matcher, { maxLength: 2 })).map(([argument, matchers]): Expr => ({
      kind: 'call',
      function: 'info',
      args: [argument, { kind: 'vectorSelector', matchers, offsetMs: 0 }],
    })),
  ),
  matrix: fc.oneof(matrix, tie('subquery')),
  subquery: fc
    .tuple(tie('vector'), lengthMs, step, offset, at)
    .map(([operand, rangeMs, steps, moved, fixed]): SubqueryExpr => ({
      kind: 'subquery',
      operand,
      rangeMs,
      ...steps,
      ...moved,
      at: fixed,
    })),
  scalar: fc.oneof(
    { maxDepth: 4 },
    fc.double().map((value): Expr => ({ kind: 'number', value })),
    tie('vector').map((inner): Expr => ({ kind: 'call', function: 'scalar', args: [inner] })),
    tie('scalar').map((operand): Expr => ({ kind: 'unary', operator: '-', operand })),
    fc
      .tuple(fc.constantFrom(...ARITHMETIC), tie('scalar'), tie('scalar'))
      .map(([operator, left, right]): Expr => binary(operator, left, right)),
  ),
}));

/** Expressions for instant vectors. */
export const vector = trees.vector;
/** Expressions for scalars. */
export const scalar = trees.scalar;
