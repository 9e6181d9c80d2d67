import { type Expr } from './ast';
import { readAggregation, readCall } from './call-parser';
import { METRIC_NAME } from '../labels';
import { readMatchingClause } from './matching-parser';
import { Matcher } from './matcher';
import { readModifiers } from './modifier-parser';
import { readNumber } from './number-reader';
import { type LanguageOptions } from '../options';
import { isBinaryOperator, POWER_PRECEDENCE, precedenceOf } from './precedence';
import { unquote } from './quoting';
import { readVectorSelector } from './selector-parser';
import { type BinarySyntax, type Syntax } from './syntax';
import { TokenStream } from './token-stream';
import { type Token } from './tokens';
import { checkTypes } from './type-checker';
import { isMetricName } from './vocabulary';

/**
 * Parses an expression and checks its types, as Prometheus 3 does.
 * @throws ParseError if the text is not PromQL, with Prometheus' message
 * @throws NotSupportedError if it nests deeper than can be evaluated here
 */
export function parseExpr(text: string, options: LanguageOptions = {}): Expr {
  const stream = new TokenStream(text, options);
  if (stream.peek().kind === 'end') return stream.fail(0, 'no expression found in input');
  const syntax = readExpr(stream);
  if (stream.peek().kind !== 'end') stream.unexpected();
  return checkTypes(stream, syntax);
}

/**
 * Parses a series selector, as a `match[]` parameter holds it: an instant vector selector without modifiers. It may
 * select everything, which an expression may not.
 * @throws ParseError if the text is anything else
 */
export function parseSelector(text: string): readonly Matcher[] {
  const stream = new TokenStream(text, {});
  const isNamed = isMetricName(stream.peek());
  if (!isNamed && !stream.isAt('{')) stream.unexpected();
  const { name, matchers } = readVectorSelector(stream, isNamed ? stream.next() : undefined);
  if (stream.peek().kind !== 'end') stream.unexpected();
  return name === '' ? matchers : [new Matcher(METRIC_NAME, '=', name), ...matchers];
}

function readExpr(stream: TokenStream): Syntax {
  return stream.nested(() => readBinary(stream, 0));
}

/** Reads operands and the operators between them that bind at least as tightly as `minimum`. */
function readBinary(stream: TokenStream, minimum: number): Syntax {
  let left = readOperand(stream);
  for (;;) {
    const { word } = stream.peek();
    if (!isBinaryOperator(word)) return left;
    const precedence = precedenceOf(word);
    if (precedence < minimum) return left;
    stream.next();
    const clause = readMatchingClause(stream);
    const right = stream.nested(() => readBinary(stream, word === '^' ? precedence : precedence + 1));
    if (clause.fill && !stream.options.fillModifiers) {
      stream.fail(left.start, 'binop fill modifiers are experimental and not enabled');
    }
    left = binary({ operator: word, left, right, clause });
  }
}

function binary(parts: Pick<BinarySyntax, 'operator' | 'left' | 'right' | 'clause'>): BinarySyntax {
  const { left, right } = parts;
  const type = left.type === 'scalar' && right.type === 'scalar' ? 'scalar' : 'instant vector';
  return { kind: 'binary', type, ...parts, start: left.start, end: right.end };
}

/** Reads one operand: everything but binary operators outside parentheses. */
function readOperand(stream: TokenStream): Syntax {
  const { word, start } = stream.peek();
  if (word !== '+' && word !== '-') return readModifiers(stream, readPrimary(stream));
  stream.next();
  const operand = stream.nested(() => readBinary(stream, POWER_PRECEDENCE));
  if (operand.kind !== 'number') {
    return { kind: 'unary', type: operand.type, operator: word, operand, start, end: operand.end };
  }
  if (word === '-') operand.value = -operand.value;
  operand.start = start;
  return operand;
}

function readPrimary(stream: TokenStream): Syntax {
  const { kind, text, word, start, end } = stream.peek();
  switch (kind) {
    case 'number':
    case 'duration':
      return { kind: 'number', type: 'scalar', value: readNumber(stream), start, end };
    case 'string':
      stream.next();
      return { kind: 'string', type: 'string', value: unquote(text), start, end };
    default:
      if (word === '(') return readParentheses(stream);
      if (word === '{') return readVectorSelector(stream);
      return isMetricName(stream.peek()) ? readNamed(stream, stream.next()) : stream.unexpected();
  }
}

function readParentheses(stream: TokenStream): Syntax {
  const { start } = stream.next();
  const inner = readExpr(stream);
  const { end } = stream.expect(')');
  return { kind: 'parentheses', type: inner.type, inner, start, end };
}

/** Reads what follows a name: it is a function, an aggregation or a metric. */
function readNamed(stream: TokenStream, name: Token): Syntax {
  if (name.kind === 'aggregator') {
    const isAggregation = ['(', 'by', 'without'].includes(stream.peek().word);
    return isAggregation ? readAggregation(stream, name, readExpr) : readVectorSelector(stream, name);
  }
  const isCall = (name.kind === 'identifier' || name.kind === 'preprocessor') && stream.isAt('(');
  return isCall ? readCall(stream, name, readExpr) : readVectorSelector(stream, name);
}
