import { NotSupportedError } from '../errors';
import { AGGREGATORS, type Expr, type Grouping } from './ast';
import { type Matcher } from './matcher';
import {
  aggregateExpr,
  binaryExpr,
  callExpr,
  type Located,
  type MatchingClause,
  unaryExpr,
} from './node-builder';
import { BINARY_OPERATORS, precedenceOf, UNARY_PRECEDENCE } from './precedence';
import { readVectorSelector } from './selector-parser';
import { TokenStream } from './token-stream';
import {
  DURATION_FUNCTIONS,
  FILL_MODIFIERS,
  RESERVED_WORDS,
  UNSUPPORTED_AGGREGATORS,
  UNSUPPORTED_BINARY_OPERATORS,
  UNSUPPORTED_MODIFIERS,
} from './vocabulary';

/**
 * Parses an expression and checks its types.
 * @throws UsageError if the text is not PromQL, with line and column
 * @throws NotSupportedError if it is PromQL that cannot be evaluated here
 */
export function parseExpr(text: string): Expr {
  const stream = new TokenStream(text);
  if (stream.peek().kind === 'end') return stream.fail(0, 'no expression found in input');
  const { expr } = readBinary(stream, 0);
  if (stream.peek().kind !== 'end') stream.unexpected('');
  return expr;
}

/**
 * Parses a series selector, as a `match[]` parameter holds it.
 * @throws UsageError if the text is anything else than an instant vector selector without modifiers
 */
export function parseSelector(text: string): readonly Matcher[] {
  const stream = new TokenStream(text);
  const first = stream.peek();
  if (first.kind !== 'identifier' && !stream.isSymbol('{')) stream.unexpected('series selector');
  const { matchers } = readVectorSelector(stream);
  if (stream.peek().kind !== 'end') stream.unexpected('series selector');
  return matchers;
}

/** Reads operands and the operators between them that bind at least as tightly as `minimum`. */
function readBinary(stream: TokenStream, minimum: number): Located {
  let left = readOperand(stream);
  for (;;) {
    const word = stream.word() ?? stream.peek().text;
    const operator = BINARY_OPERATORS.find((candidate) => candidate === word);
    if (operator === undefined) {
      if (UNSUPPORTED_BINARY_OPERATORS.includes(word)) throw new NotSupportedError(`PromQL operator ${word}`);
      return left;
    }
    const precedence = precedenceOf(operator);
    if (precedence < minimum) return left;
    const { offset } = stream.next();
    const returnBool = stream.acceptWord('bool') !== undefined;
    const matching = readMatching(stream);
    const right = readBinary(stream, operator === '^' ? precedence : precedence + 1);
    const expr = binaryExpr(stream, { operator, offset, left, right, returnBool, matching });
    left = { expr, offset: left.offset };
  }
}

function readMatching(stream: TokenStream): MatchingClause {
  const keyword = stream.acceptWord('on', 'ignoring');
  const labels = keyword ? readLabels(stream) : [];
  const group = keyword && stream.acceptWord('group_left', 'group_right');
  const include = group && stream.isSymbol('(') ? readLabels(stream) : [];
  const word = stream.word() ?? '';
  if (FILL_MODIFIERS.includes(word) && stream.isSymbol('(', 1)) {
    throw new NotSupportedError(`PromQL ${word} modifier`);
  }
  return { on: keyword === 'on', labels, group, include };
}

/** Reads one operand: everything but binary operators outside parentheses. */
function readOperand(stream: TokenStream): Located {
  const { offset } = stream.peek();
  const sign = (['+', '-'] as const).find((candidate) => stream.acceptSymbol(candidate));
  if (sign) {
    const operand = readBinary(stream, UNARY_PRECEDENCE + 1);
    return { expr: unaryExpr(stream, sign, offset, operand), offset };
  }
  if (!stream.acceptSymbol('(')) return { expr: readModifiers(stream, readPrimary(stream), offset), offset };
  const { expr } = readBinary(stream, 0);
  stream.expectSymbol(')', 'parenthesized expression');
  if (stream.isSymbol('[')) return readRange(stream, undefined);
  if (stream.word() === 'offset') return failOffset(stream, offset);
  rejectUnsupportedModifier(stream);
  return { expr, offset };
}

function readPrimary(stream: TokenStream): Expr {
  const token = stream.peek();
  const number = stream.acceptNumber();
  if (number !== undefined) return { kind: 'number', value: number };
  if (token.kind === 'string') return { kind: 'string', value: stream.expectString('string literal') };
  if (stream.isSymbol('{')) return readVectorSelector(stream);
  const word = stream.word();
  if (word === undefined || RESERVED_WORDS.includes(word)) return stream.unexpected('');
  if (isAggregation(stream)) return readAggregation(stream, word);
  return stream.isSymbol('(', 1) ? readCall(stream) : readVectorSelector(stream);
}

/** Whether the next word is an aggregation, and not a metric of that name. */
function isAggregation(stream: TokenStream): boolean {
  const word = stream.word() ?? '';
  const known = [...AGGREGATORS, ...UNSUPPORTED_AGGREGATORS].includes(word);
  return known && (stream.isSymbol('(', 1) || ['by', 'without'].includes(stream.word(1) ?? ''));
}

function readAggregation(stream: TokenStream, word: string): Expr {
  const { offset } = stream.next();
  const operator = AGGREGATORS.find((candidate) => candidate === word);
  if (operator === undefined) throw new NotSupportedError(`PromQL aggregation ${word}()`);
  const before = readGrouping(stream);
  const args = readArguments(stream, 'aggregation');
  const grouping = before ?? readGrouping(stream) ?? { without: false, labels: [] };
  return aggregateExpr(stream, operator, offset, args, grouping);
}

function readGrouping(stream: TokenStream): Grouping | undefined {
  const keyword = stream.acceptWord('by', 'without');
  return keyword && { without: keyword === 'without', labels: readLabels(stream) };
}

function readLabels(stream: TokenStream): string[] {
  const context = 'grouping opts';
  const labels: string[] = [];
  stream.expectSymbol('(', context);
  while (!stream.acceptSymbol(')')) {
    const token = stream.peek();
    if (token.kind !== 'identifier' && token.kind !== 'string') stream.unexpected(context, 'label');
    const label = token.kind === 'string' ? stream.expectString(context) : stream.next().text;
    if (label === '') stream.fail(token.offset, 'invalid label name for grouping: ""');
    labels.push(label);
    if (!stream.acceptSymbol(',') && !stream.isSymbol(')')) stream.unexpected(context, '"," or ")"');
  }
  return labels;
}

function readCall(stream: TokenStream): Expr {
  const { text, offset } = stream.next();
  return callExpr(stream, text, offset, () => readArguments(stream, `call to function "${text}"`));
}

function readArguments(stream: TokenStream, context: string): Located[] {
  const args: Located[] = [];
  stream.expectSymbol('(', context);
  while (!stream.acceptSymbol(')')) {
    args.push(readBinary(stream, 0));
    const { offset } = stream.peek();
    if (stream.acceptSymbol(',')) {
      if (stream.isSymbol(')')) stream.fail(offset, 'trailing commas not allowed in function call args');
    } else if (!stream.isSymbol(')')) {
      stream.unexpected(context, '"," or ")"');
    }
  }
  return args;
}

/** Reads what may follow an operand: a range, an offset. */
function readModifiers(stream: TokenStream, operand: Expr, offset: number): Expr {
  let expr = operand;
  for (;;) {
    rejectUnsupportedModifier(stream);
    if (stream.isSymbol('[')) {
      ({ expr } = readRange(stream, { expr, offset }));
    } else if (stream.word() === 'offset') {
      stream.next();
      expr = withOffset(stream, expr, offset);
    } else {
      return expr;
    }
  }
}

function rejectUnsupportedModifier(stream: TokenStream): void {
  const word = stream.isSymbol('@') ? '@' : (stream.word() ?? '');
  if (UNSUPPORTED_MODIFIERS.includes(word)) throw new NotSupportedError(`PromQL ${word} modifier`);
}

function readRange(stream: TokenStream, operand: Located | undefined): Located {
  const { offset } = stream.next();
  const durationOffset = stream.peek().offset;
  const rangeMs = readDuration(stream, 'subquery or range selector');
  if (stream.isSymbol(':')) throw new NotSupportedError('PromQL subqueries');
  if (!stream.isSymbol(']')) rejectDurationExpression(stream);
  stream.expectSymbol(']', 'subquery or range');
  if (rangeMs <= 0) stream.fail(durationOffset, 'duration must be greater than 0');
  if (operand?.expr.kind !== 'vectorSelector')
    return stream.fail(offset, 'ranges only allowed for vector selectors');
  if (operand.expr.offsetMs !== 0) stream.fail(offset, 'no offset modifiers allowed before range');
  return { expr: { kind: 'matrixSelector', selector: operand.expr, rangeMs }, offset: operand.offset };
}

function withOffset(stream: TokenStream, expr: Expr, offset: number): Expr {
  const negative = stream.acceptSymbol('-');
  if (!negative) stream.acceptSymbol('+');
  const durationMs = readDuration(stream, 'offset');
  if (expr.kind !== 'vectorSelector' && expr.kind !== 'matrixSelector') return failOffset(stream, offset);
  const selector = expr.kind === 'matrixSelector' ? expr.selector : expr;
  if (selector.offsetMs !== 0) stream.fail(offset, 'offset may not be set multiple times');
  const moved = { ...selector, offsetMs: negative ? -durationMs : durationMs };
  return expr.kind === 'matrixSelector' ? { ...expr, selector: moved } : moved;
}

function failOffset(stream: TokenStream, offset: number): never {
  const allowed = 'an instant vector selector or range vector selector or a subquery';
  return stream.fail(offset, `offset modifier must be preceded by ${allowed}`);
}

function readDuration(stream: TokenStream, context: string): number {
  const { offset } = stream.peek();
  const seconds = stream.acceptNumber();
  if (seconds === undefined) {
    rejectDurationExpression(stream);
    return stream.unexpected(context, 'number or duration');
  }
  if (!Number.isFinite(seconds)) stream.fail(offset, 'duration out of range');
  return Math.round(seconds * 1000);
}

/** Durations can be computed in newer versions of Prometheus, behind a feature flag. */
function rejectDurationExpression(stream: TokenStream): void {
  const isOperator = ['+', '-', '*', '/', '%', '^', '('].some((symbol) => stream.isSymbol(symbol));
  const isFunction = DURATION_FUNCTIONS.includes(stream.word() ?? '') && stream.isSymbol('(', 1);
  if (isOperator || isFunction) throw new NotSupportedError('PromQL duration expressions');
}
