import { type DurationExpr } from './ast';
import { isTooLong, millisecondsOf } from './duration-literal';
import { readNumber } from './number-reader';
import { isArithmetic, POWER_PRECEDENCE, precedenceOf } from './precedence';
import { type Length } from './syntax';
import { type Place, type TokenStream } from './token-stream';
import { type Token } from './tokens';
import { DURATION_WORDS } from './vocabulary';

/** A length of time as read, with where it stands in the text. */
interface DurationSyntax {
  readonly expr: DurationExpr;
  readonly start: number;
  readonly end: number;
}

const OFFSET: Place = { context: 'offset', expected: 'number, duration, step(), or range()' };

/**
 * Reads a length of time in brackets, which has to be positive; sums and the like are experimental.
 * @param place for tokens that cannot be part of it
 */
export function readPositiveLength(stream: TokenStream, place: Place): Length {
  const duration = readSum(stream, 0, place);
  const { expr } = duration;
  if (expr.kind === 'seconds' && expr.seconds <= 0) {
    stream.fail(duration.start, 'duration must be greater than 0');
  }
  return lengthOf(expr);
}

/**
 * Reads what stands behind `offset`. A number or a function ends there: `x offset 5m + 3` is a sum of `x offset 5m`
 * and 3, while `x offset (5m) + 3` moves x by a sum.
 */
export function readOffset(stream: TokenStream): Length {
  const token = stream.peek();
  if (isNumber(token)) return lengthOf(readLiteral(stream).expr);
  if (DURATION_WORDS.has(token.word))
    return lengthOf(experimental(stream, readFunction(stream, OFFSET)).expr);
  if (token.word === '+' || token.word === '-') return readSignedOffset(stream, token.word);
  return lengthOf(readSum(stream, 0, OFFSET).expr);
}

function readSignedOffset(stream: TokenStream, sign: '+' | '-'): Length {
  const { start } = stream.next();
  const token = stream.peek();
  if (isNumber(token)) return lengthOf(signed(stream, sign, start, readNumberSyntax(stream)).expr);
  if (DURATION_WORDS.has(token.word)) {
    const right = readFunction(stream, OFFSET);
    const parts = { left: undefined, right, start, end: right.end };
    return lengthOf(experimental(stream, operation(stream, sign, parts)).expr);
  }
  if (stream.accept('(')) {
    const inner = stream.nested(() => readSum(stream, 0, OFFSET));
    stream.expect(')', OFFSET);
    return lengthOf(signed(stream, sign, start, inner).expr);
  }
  const operand = readSum(stream, POWER_PRECEDENCE, OFFSET);
  return lengthOf(readOperators(stream, signed(stream, sign, start, operand), 0, OFFSET).expr);
}

function lengthOf(expr: DurationExpr): Length {
  return expr.kind === 'seconds' ? { ms: millisecondsOf(expr.seconds) } : { ms: 0, expr };
}

/** Reads operands and the operators between them that bind at least as tightly as `minimum`. */
function readSum(stream: TokenStream, minimum: number, place: Place): DurationSyntax {
  return readOperators(stream, readOperand(stream, place), minimum, place);
}

function readOperators(
  stream: TokenStream,
  first: DurationSyntax,
  minimum: number,
  place: Place,
): DurationSyntax {
  let left = first;
  for (;;) {
    const { word } = stream.peek();
    if (!isArithmetic(word) || word === 'atan2') return left;
    const precedence = precedenceOf(word);
    if (precedence < minimum) return left;
    const { start } = stream.next();
    const right = stream.nested(() => readSum(stream, word === '^' ? precedence : precedence + 1, place));
    experimental(stream, left);
    const isZero = right.expr.kind === 'seconds' && right.expr.seconds === 0;
    if (isZero && word === '/') stream.fail(start, 'division by zero');
    if (isZero && word === '%') stream.fail(start, 'modulo by zero');
    left = operation(stream, word, { left, right, start: left.start, end: right.end });
  }
}

function readOperand(stream: TokenStream, place: Place): DurationSyntax {
  const token = stream.peek();
  if (isNumber(token)) return readLiteral(stream);
  if (DURATION_WORDS.has(token.word)) return experimental(stream, readFunction(stream, place));
  if (token.word === '+' || token.word === '-') {
    stream.next();
    const operand = stream.nested(() => readSum(stream, POWER_PRECEDENCE, place));
    return signed(stream, token.word, token.start, operand);
  }
  stream.expect('(', place);
  const inner = stream.nested(() => readSum(stream, 0, place));
  stream.expect(')', place);
  return experimental(stream, inner);
}

/** Reads `step()`, `range()`, `min_of(…, …)` or `max_of(…, …)`. */
function readFunction(stream: TokenStream, place: Place): DurationSyntax {
  const { word, start } = stream.next();
  stream.expect('(', place);
  if (word === 'step' || word === 'range') {
    const { end } = stream.expect(')', place);
    return { expr: { kind: word, position: stream.positionOf(start, end) }, start, end };
  }
  const operator = word === 'min_of' ? 'min_of' : 'max_of';
  const left = stream.nested(() => readSum(stream, 0, place));
  stream.expect(',', place);
  const right = stream.nested(() => readSum(stream, 0, place));
  stream.expect(')', place);
  // Prometheus counts neither the name nor the parentheses to it.
  return operation(stream, operator, { left, right, start: left.start, end: right.end });
}

function readLiteral(stream: TokenStream): DurationSyntax {
  const literal = readNumberSyntax(stream);
  if (literal.expr.kind === 'seconds' && isTooLong(literal.expr.seconds)) {
    stream.fail(literal.start, 'duration out of range');
  }
  return literal;
}

function readNumberSyntax(stream: TokenStream): DurationSyntax {
  const { start, end } = stream.peek();
  return { expr: { kind: 'seconds', seconds: readNumber(stream) }, start, end };
}

/** A sign becomes part of a number; before anything else, a plus says nothing. */
function signed(
  stream: TokenStream,
  sign: '+' | '-',
  start: number,
  operand: DurationSyntax,
): DurationSyntax {
  const { expr, end } = operand;
  if (expr.kind !== 'seconds') {
    return sign === '-' ? operation(stream, sign, { left: undefined, right: operand, start, end }) : operand;
  }
  const seconds = sign === '-' ? -expr.seconds : expr.seconds;
  if (isTooLong(seconds)) stream.fail(start, 'duration out of range');
  return { expr: { kind: 'seconds', seconds }, start, end };
}

type OperationExpr = Extract<DurationExpr, { kind: 'operation' }>;

interface OperationParts {
  readonly left: DurationSyntax | undefined;
  readonly right: DurationSyntax;
  readonly start: number;
  readonly end: number;
}

function operation(
  stream: TokenStream,
  operator: OperationExpr['operator'],
  { left, right, start, end }: OperationParts,
): DurationSyntax {
  const position = stream.positionOf(start, end);
  const expr: OperationExpr = { kind: 'operation', operator, left: left?.expr, right: right.expr, position };
  return { expr, start, end };
}

function experimental(stream: TokenStream, duration: DurationSyntax): DurationSyntax {
  if (stream.options.durationExpressions ?? true) return duration;
  return stream.fail(duration.start, 'experimental duration expression is not enabled');
}

function isNumber({ kind }: Token): boolean {
  return kind === 'number' || kind === 'duration';
}
