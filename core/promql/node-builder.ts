import { NotSupportedError } from '../errors';
import {
  type AggregateExpr,
  type Aggregator,
  type BinaryExpr,
  type BinaryOperator,
  type CallExpr,
  type Cardinality,
  type Expr,
  type FunctionName,
  FUNCTIONS,
  type Grouping,
  signatureOf,
  typeOf,
  type ValueType,
  type VectorMatching,
} from './ast';
import { isComparison, isSetOperator } from './precedence';
import { type TokenStream } from './token-stream';
import { UNSUPPORTED_FUNCTIONS } from './vocabulary';

/**
 * Builds the nodes that have operands, and refuses operands of the wrong type, with the texts of
 * `promql/parser/parse.go`.
 */

/** An expression and where it starts. */
export interface Located {
  readonly expr: Expr;
  readonly offset: number;
}

/** `on (…)` or `ignoring (…)` with `group_left (…)` or `group_right (…)`, as written. */
export interface MatchingClause {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group: 'group_left' | 'group_right' | undefined;
  readonly include: readonly string[];
}

interface BinaryParts {
  readonly operator: BinaryOperator;
  readonly offset: number;
  readonly left: Located;
  readonly right: Located;
  readonly returnBool: boolean;
  readonly matching: MatchingClause;
}

/** A signed expression; the sign of a number becomes part of it. */
export function unaryExpr(stream: TokenStream, operator: '+' | '-', offset: number, operand: Located): Expr {
  const { expr } = operand;
  if (expr.kind === 'number') return { kind: 'number', value: operator === '-' ? -expr.value : expr.value };
  const type = typeOf(expr);
  if (type !== 'scalar' && type !== 'instant vector') {
    const problem = `unary expression only allowed on expressions of type scalar or instant vector, got "${type}"`;
    return stream.fail(offset, problem);
  }
  return { kind: 'unary', operator, operand: expr };
}

export function binaryExpr(stream: TokenStream, parts: BinaryParts): BinaryExpr {
  const { operator, offset, left, right, returnBool } = parts;
  if (returnBool && !isComparison(operator)) {
    stream.fail(offset, 'bool modifier can only be used on comparison operators');
  }
  const types = [left, right].map((side) => typeOf(side.expr));
  if (isComparison(operator) && !returnBool && types.every((type) => type === 'scalar')) {
    stream.fail(offset, 'comparisons between scalars must use BOOL modifier');
  }
  for (const side of [left, right]) {
    if (!['scalar', 'instant vector'].includes(typeOf(side.expr))) {
      stream.fail(side.offset, 'binary expression must contain only scalar and instant vector types');
    }
  }
  const matching = types.includes('scalar') ? noMatching(stream, parts) : vectorMatching(stream, parts);
  return { kind: 'binary', operator, left: left.expr, right: right.expr, returnBool, matching };
}

function noMatching(stream: TokenStream, { operator, left, matching }: BinaryParts): undefined {
  if (matching.labels.length > 0) {
    stream.fail(left.offset, 'vector matching only allowed between instant vectors');
  }
  if (isSetOperator(operator)) {
    stream.fail(left.offset, `set operator "${operator}" not allowed in binary scalar expression`);
  }
}

function vectorMatching(
  stream: TokenStream,
  { operator, offset, left, matching }: BinaryParts,
): VectorMatching {
  const { on, labels, group, include } = matching;
  const both = on ? labels.find((label) => include.includes(label)) : undefined;
  if (both !== undefined)
    stream.fail(offset, `label "${both}" must not occur in ON and GROUP clause at once`);
  if (isSetOperator(operator) && group)
    stream.fail(left.offset, `no grouping allowed for "${operator}" operation`);
  return { cardinality: cardinalityOf(operator, group), on, labels, include };
}

function cardinalityOf(operator: BinaryOperator, group: MatchingClause['group']): Cardinality {
  if (isSetOperator(operator)) return 'many-to-many';
  if (group === undefined) return 'one-to-one';
  return group === 'group_left' ? 'many-to-one' : 'one-to-many';
}

export function aggregateExpr(
  stream: TokenStream,
  operator: Aggregator,
  offset: number,
  args: readonly Located[],
  grouping: Grouping,
): AggregateExpr {
  const [operand] = args;
  if (!operand) return stream.fail(offset, 'no arguments for aggregate expression provided');
  if (args.length > 1) {
    const problem = `wrong number of arguments for aggregate expression provided, expected 1, got ${args.length}`;
    stream.fail(offset, problem);
  }
  expectType(stream, operand, 'instant vector', 'aggregation expression');
  return { kind: 'aggregate', operator, operand: operand.expr, grouping };
}

/**
 * @param readArguments reads the arguments once it is clear that the function can be evaluated
 */
export function callExpr(
  stream: TokenStream,
  name: string,
  offset: number,
  readArguments: () => readonly Located[],
): CallExpr {
  if (UNSUPPORTED_FUNCTIONS.includes(name)) throw new NotSupportedError(`PromQL function ${name}()`);
  if (!isFunctionName(name)) return stream.fail(offset, `unknown function with name "${name}"`);
  const args = readArguments();
  const { args: types, optional = 0 } = signatureOf(name);
  const tooFew = args.length < types.length - optional;
  if (tooFew || args.length > types.length) {
    const bound = optional === 0 ? '' : tooFew ? 'at least ' : 'at most ';
    const expected = tooFew ? types.length - optional : types.length;
    stream.fail(offset, `expected ${bound}${expected} argument(s) in call to "${name}", got ${args.length}`);
  }
  for (const [index, argument] of args.entries()) {
    expectType(stream, argument, types[index], `call to function "${name}"`);
  }
  return { kind: 'call', function: name, args: args.map(({ expr }) => expr) };
}

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

function expectType(
  stream: TokenStream,
  { expr, offset }: Located,
  want: ValueType | undefined,
  context: string,
): void {
  const type = typeOf(expr);
  if (type !== want) stream.fail(offset, `expected type ${want} in ${context}, got ${type}`);
}
