import { timestampOf } from './duration-literal';
import { readOffset, readPositiveLength } from './duration-parser';
import { formatF } from '../go-float';
import { readSignedNumber } from './number-reader';
import { type Length, type MatrixSyntax, type Modifiers, type SelectorSyntax, type Syntax } from './syntax';
import { type Place, type TokenStream } from './token-stream';

const MODIFIED = 'an instant vector selector or range vector selector or a subquery';
const RANGE: Place = {
  context: 'subquery or range selector',
  expected: 'number, duration, step(), or range()',
};
const RANGE_END: Place = { context: 'subquery or range', expected: '":" or "]"' };
const STEP: Place = {
  context: 'subquery selector',
  expected: 'number, duration, step(), range(), or "]"',
};
const STEP_END: Place = { context: 'subquery selector', expected: '"]"' };
const AT: Place = { context: '@', expected: 'timestamp' };

/** Reads what follows an operand and belongs to it: ranges, `offset`, `@`, `anchored`, `smoothed`. */
export function readModifiers(stream: TokenStream, operand: Syntax): Syntax {
  let syntax = operand;
  for (;;) {
    const { word } = stream.peek();
    switch (word) {
      case '[':
        syntax = readRange(stream, syntax);
        break;
      case 'offset':
        setOffset(stream, syntax);
        break;
      case '@':
        setTime(stream, syntax);
        break;
      case 'anchored':
      case 'smoothed':
        setExtended(stream, syntax, word);
        break;
      default:
        return syntax;
    }
  }
}

function readRange(stream: TokenStream, operand: Syntax): Syntax {
  const bracket = stream.next();
  const range = readPositiveLength(stream, RANGE);
  if (stream.accept(':')) return readSubquery(stream, operand, range);
  stream.expect(']', RANGE_END);
  if (operand.kind !== 'vectorSelector') {
    return stream.fail(bracket.start, 'ranges only allowed for vector selectors');
  }
  if (operand.offsetMs !== 0) stream.fail(bracket.start, 'no offset modifiers allowed before range');
  if (typeof operand.at === 'object') stream.fail(bracket.start, 'no @ modifiers allowed before range');
  const matrix: MatrixSyntax = {
    kind: 'matrixSelector',
    type: 'range vector',
    selector: operand,
    range,
    start: operand.start,
    end: stream.lastClosing,
  };
  return matrix;
}

function readSubquery(stream: TokenStream, operand: Syntax, range: Length): Syntax {
  const step = stream.isAt(']') ? { ms: 0 } : readPositiveLength(stream, STEP);
  const { end } = stream.expect(']', STEP_END);
  const { start } = operand;
  return { kind: 'subquery', type: 'range vector', operand, range, step, offsetMs: 0, start, end };
}

/** What the modifiers of an expression change; undefined if it can have none. */
function modifiersOf(syntax: Syntax): Modifiers | undefined {
  if (syntax.kind === 'matrixSelector') return syntax.selector;
  return syntax.kind === 'vectorSelector' || syntax.kind === 'subquery' ? syntax : undefined;
}

function setOffset(stream: TokenStream, syntax: Syntax): void {
  stream.next();
  const offset = readOffset(stream);
  const modifiers = modifiersOf(syntax);
  if (!modifiers) return stream.fail(syntax.start, `offset modifier must be preceded by ${MODIFIED}`);
  if (modifiers.offsetMs !== 0 || modifiers.offsetExpr) {
    stream.fail(syntax.start, 'offset may not be set multiple times');
  }
  modifiers.offsetMs = offset.ms;
  modifiers.offsetExpr = offset.expr;
  syntax.end = stream.lastClosing;
}

function setTime(stream: TokenStream, syntax: Syntax): void {
  stream.next();
  const time = readTime(stream);
  if (typeof time === 'number' && !(Math.abs(time) < 2 ** 63)) {
    const seconds = Number.isFinite(time) ? `${BigInt(time)}.000000` : formatF(time);
    stream.fail(syntax.start, `timestamp out of bounds for @ modifier: ${seconds}`);
  }
  const modifiers = modifiersOf(syntax);
  if (!modifiers) return stream.fail(syntax.start, `@ modifier must be preceded by ${MODIFIED}`);
  if (modifiers.at !== undefined) stream.fail(syntax.start, '@ <timestamp> may not be set multiple times');
  modifiers.at = typeof time === 'number' ? { atMs: timestampOf(time) } : time;
  syntax.end = stream.lastClosing;
}

/** A number of seconds, `start()` or `end()`. */
function readTime(stream: TokenStream): number | 'start' | 'end' {
  const { word } = stream.peek();
  if (word !== 'start' && word !== 'end') return readSignedNumber(stream) ?? stream.unexpected(AT);
  stream.next();
  stream.expect('(', AT);
  stream.expect(')', AT);
  return word;
}

function setExtended(stream: TokenStream, syntax: Syntax, modifier: 'anchored' | 'smoothed'): void {
  stream.next();
  if (!stream.options.extendedRangeSelectors) {
    stream.fail(syntax.start, `${modifier} modifier is experimental and not enabled`);
  }
  if (syntax.kind === 'subquery') {
    stream.fail(syntax.start, `${modifier} modifier is not supported for subqueries`);
  }
  const selector = selectorOf(syntax);
  if (!selector) return stream.fail(syntax.start, `${modifier} modifier not implemented`);
  if (selector.extended !== undefined && selector.extended !== modifier) {
    stream.fail(syntax.start, 'anchored and smoothed modifiers cannot be used together');
  }
  selector.extended = modifier;
}

function selectorOf(syntax: Syntax): SelectorSyntax | undefined {
  if (syntax.kind === 'matrixSelector') return syntax.selector;
  return syntax.kind === 'vectorSelector' ? syntax : undefined;
}
