import {
  type AggregateExpr,
  type Aggregator,
  type BinaryExpr,
  type CallExpr,
  type Expr,
  type MatrixSelector,
  type SubqueryExpr,
  type VectorSelector,
} from './ast';
import { METRIC_NAME } from '../labels';
import { Matcher } from './matcher';
import { checkMatching } from './matching-checker';
import { quoteString } from './quoting';
import { signatureOf, type ValueType } from './signatures';
import {
  type AggregateSyntax,
  type BinarySyntax,
  type CallSyntax,
  type MatrixSyntax,
  type SelectorSyntax,
  type SubquerySyntax,
  type Syntax,
  type UnarySyntax,
} from './syntax';
import { type TokenStream } from './token-stream';

const SCALAR_PARAMETERS: ReadonlySet<Aggregator> = new Set<Aggregator>([
  ...(['topk', 'bottomk', 'quantile', 'limitk', 'limit_ratio'] as const),
]);

/** Names that Prometheus' messages give to types where they do not follow the documentation. */
const INTERNAL_NAMES: Readonly<Record<ValueType, string>> = {
  'instant vector': 'vector',
  'range vector': 'matrix',
  scalar: 'scalar',
  string: 'string',
};

/**
 * Checks that everything has the type that its place asks for, and gives the expression without its parentheses. The
 * order of the checks is that of `checkAST` in `promql/parser/parse.go`.
 * @throws ParseError on the first expression of a wrong type
 */
export function checkTypes(stream: TokenStream, syntax: Syntax): Expr {
  return stream.nested(() => check(stream, syntax));
}

function check(stream: TokenStream, syntax: Syntax): Expr {
  switch (syntax.kind) {
    case 'number':
      return { kind: 'number', value: syntax.value, position: positionOf(stream, syntax) };
    case 'string':
      return { kind: 'string', value: syntax.value, position: positionOf(stream, syntax) };
    case 'vectorSelector':
      return checkSelector(stream, syntax);
    case 'matrixSelector':
      return checkMatrix(stream, syntax);
    case 'subquery':
      return checkSubquery(stream, syntax);
    case 'unary':
      return checkUnary(stream, syntax);
    case 'binary':
      return checkBinary(stream, syntax);
    case 'aggregate':
      return checkAggregate(stream, syntax);
    case 'call':
      return checkCall(stream, syntax);
    case 'parentheses':
      return checkTypes(stream, syntax.inner);
  }
}

function positionOf(stream: TokenStream, { start, end }: Syntax) {
  return stream.positionOf(start, end);
}

/** @param mayMatchAll whether the selector may be without a condition that refuses the empty value */
function checkSelector(stream: TokenStream, syntax: SelectorSyntax, mayMatchAll = false): VectorSelector {
  const { name, matchers, offsetMs, offsetExpr, at, extended, start } = syntax;
  const twice = name === '' ? undefined : matchers.find(({ label }) => label === METRIC_NAME);
  if (twice) {
    const names = `${quoteString(name)} or ${quoteString(twice.value)}`;
    stream.fail(start, `metric name must not be set twice: ${names}`);
  }
  if (name === '' && !mayMatchAll && matchers.every((matcher) => matcher.matches(''))) {
    stream.fail(start, 'vector selector must contain at least one non-empty matcher');
  }
  const position = positionOf(stream, syntax);
  const named = namedMatchers(name, matchers);
  return { kind: 'vectorSelector', ...named, offsetMs, offsetExpr, at, extended, position };
}

/** The conditions of a selector with that on the metric name first, if there is one that gives it. */
function namedMatchers(
  name: string,
  matchers: readonly Matcher[],
): Pick<VectorSelector, 'name' | 'matchers'> {
  if (name !== '') return { name, matchers: [new Matcher(METRIC_NAME, '=', name), ...matchers] };
  const [naming, ...others] = matchers.filter(({ label }) => label === METRIC_NAME);
  if (naming?.operator !== '=' || naming.value === '' || others.length > 0)
    return { name: undefined, matchers };
  return { name: naming.value, matchers: [naming, ...matchers.filter((matcher) => matcher !== naming)] };
}

function checkMatrix(stream: TokenStream, syntax: MatrixSyntax): MatrixSelector {
  const selector = checkSelector(stream, syntax.selector);
  const { ms: rangeMs, expr: rangeExpr } = syntax.range;
  return { kind: 'matrixSelector', selector, rangeMs, rangeExpr, position: positionOf(stream, syntax) };
}

function checkSubquery(stream: TokenStream, syntax: SubquerySyntax): SubqueryExpr {
  const operand = checkTypes(stream, syntax.operand);
  const { type } = syntax.operand;
  if (type !== 'instant vector') {
    const got = INTERNAL_NAMES[type];
    stream.fail(syntax.start, `subquery is only allowed on instant vector, got ${got} instead`);
  }
  const { range, step, offsetMs, offsetExpr, at } = syntax;
  return {
    kind: 'subquery',
    operand,
    rangeMs: range.ms,
    rangeExpr: range.expr,
    stepMs: step.ms,
    stepExpr: step.expr,
    offsetMs,
    offsetExpr,
    at,
    position: positionOf(stream, syntax),
  };
}

function checkUnary(stream: TokenStream, syntax: UnarySyntax): Expr {
  const operand = checkTypes(stream, syntax.operand);
  const { operator, type, start } = syntax;
  if (type !== 'scalar' && type !== 'instant vector') {
    const allowed = 'expressions of type scalar or instant vector';
    stream.fail(start, `unary expression only allowed on ${allowed}, got "${type}"`);
  }
  return { kind: 'unary', operator, operand, position: positionOf(stream, syntax) };
}

function checkBinary(stream: TokenStream, syntax: BinarySyntax): BinaryExpr {
  const left = checkTypes(stream, syntax.left);
  const right = checkTypes(stream, syntax.right);
  const matching = checkMatching(stream, syntax);
  const { operator, clause } = syntax;
  const position = positionOf(stream, syntax);
  return { kind: 'binary', operator, left, right, returnBool: clause.returnBool, matching, position };
}

function checkAggregate(stream: TokenStream, syntax: AggregateSyntax): AggregateExpr {
  const { operator, grouping } = syntax;
  const operand = expectType(stream, syntax.operand, 'instant vector', 'aggregation expression');
  const wanted = SCALAR_PARAMETERS.has(operator) ? 'scalar' : 'string';
  const parameter = syntax.parameter && expectType(stream, syntax.parameter, wanted, 'aggregation parameter');
  return { kind: 'aggregate', operator, operand, parameter, grouping, position: positionOf(stream, syntax) };
}

function checkCall(stream: TokenStream, syntax: CallSyntax): CallExpr {
  checkArgumentCount(stream, syntax);
  if (syntax.function === 'info') checkInfoLabels(stream, syntax);
  const { args: types } = signatureOf(syntax.function);
  const context = `call to function "${syntax.function}"`;
  const args = syntax.args.map((argument, index) => {
    const wanted = types[Math.min(index, types.length - 1)] ?? argument.type;
    return isInfoLabels(syntax, index, argument)
      ? checkSelector(stream, argument, true)
      : expectType(stream, argument, wanted, context);
  });
  return { kind: 'call', function: syntax.function, args, position: positionOf(stream, syntax) };
}

function checkArgumentCount(stream: TokenStream, { function: name, args, start }: CallSyntax): void {
  const { args: types, variadic = 0 } = signatureOf(name);
  const least = variadic === 0 ? types.length : types.length - 1;
  const most = variadic < 0 ? Infinity : least + variadic;
  if (args.length >= least && args.length <= most) return;
  const expected = args.length < least ? least : most;
  const bound = variadic === 0 ? '' : args.length < least ? 'at least ' : 'at most ';
  stream.fail(start, `expected ${bound}${expected} argument(s) in call to "${name}", got ${args.length}`);
}

/** The second argument of info() stands for conditions on labels alone, so it looks like a selector without a name. */
function checkInfoLabels(stream: TokenStream, { args, start }: CallSyntax): void {
  const labels = args[1];
  if (!labels) return;
  if (labels.type !== 'instant vector') {
    stream.fail(start, `expected type instant vector in call to function "info", got ${labels.type}`);
  }
  if (labels.kind !== 'vectorSelector') stream.fail(labels.start, 'expected label selectors only');
  else if (labels.name !== '') {
    stream.fail(labels.start, 'expected label selectors only, got vector selector instead');
  }
}

function isInfoLabels(call: CallSyntax, index: number, argument: Syntax): argument is SelectorSyntax {
  return call.function === 'info' && index === 1 && argument.kind === 'vectorSelector';
}

function expectType(stream: TokenStream, syntax: Syntax, wanted: ValueType, context: string): Expr {
  const expr = checkTypes(stream, syntax);
  if (syntax.type !== wanted) {
    stream.fail(syntax.start, `expected type ${wanted} in ${context}, got ${syntax.type}`);
  }
  return expr;
}
