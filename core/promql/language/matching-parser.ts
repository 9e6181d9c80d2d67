import { type Grouping } from './ast';
import { isUtf8, quoteString, unquote } from './quoting';
import { readSignedNumber } from './number-reader';
import { type MatchingClause } from './syntax';
import { type Place, type TokenStream } from './token-stream';
import { FILL_WORDS, isLabelName, startsOperand } from './vocabulary';

const CONTEXT = 'grouping opts';
const PARENTHESIS: Place = { context: CONTEXT, expected: '"("' };
const LABEL: Place = { context: CONTEXT, expected: 'label' };
const SEPARATOR: Place = { context: CONTEXT, expected: '"," or ")"' };

/** Operators that have nothing before their right side share this. */
const NO_CLAUSE: MatchingClause = {
  returnBool: false,
  on: false,
  labels: [],
  group: undefined,
  include: [],
  fill: undefined,
};

/** Reads what may stand between an operator and its right side. */
export function readMatchingClause(stream: TokenStream): MatchingClause {
  if (stream.peek().kind !== 'keyword') return NO_CLAUSE;
  const returnBool = stream.accept('bool') !== undefined;
  const keyword = stream.accept('on') ?? stream.accept('ignoring');
  const labels = keyword ? readLabels(stream) : [];
  const group = keyword && (stream.accept('group_left') ?? stream.accept('group_right'));
  const include = group ? readIncluded(stream) : [];
  return {
    returnBool,
    on: keyword?.word === 'on',
    labels,
    group: group && (group.word === 'group_left' ? 'left' : 'right'),
    include,
    fill: readFill(stream),
  };
}

/** Reads the labels behind `group_left` or `group_right`, which may be missing. */
function readIncluded(stream: TokenStream): string[] {
  if (stream.isAt('(')) return readLabels(stream);
  return startsOperand(stream.peek()) ? [] : stream.unexpected(PARENTHESIS);
}

/** Reads `fill (…)`, or `fill_left (…)` and `fill_right (…)` in any order. */
function readFill(stream: TokenStream): MatchingClause['fill'] {
  const { word } = stream.peek();
  if (!FILL_WORDS.has(word)) return undefined;
  const value = readFillValue(stream);
  if (word === 'fill') return { left: value, right: value };
  if (word === 'fill_left') {
    return { left: value, right: stream.isAt('fill_right') ? readFillValue(stream) : undefined };
  }
  return { left: stream.isAt('fill_left') ? readFillValue(stream) : undefined, right: value };
}

function readFillValue(stream: TokenStream): number {
  stream.next();
  stream.expect('(');
  const value = readSignedNumber(stream) ?? stream.unexpected();
  stream.expect(')');
  return value;
}

/** Reads `by (…)` or `without (…)`, if there is one. */
export function readGrouping(stream: TokenStream): Grouping | undefined {
  const keyword = stream.accept('by') ?? stream.accept('without');
  return keyword && { without: keyword.word === 'without', labels: readLabels(stream) };
}

function readLabels(stream: TokenStream): string[] {
  const labels: string[] = [];
  stream.expect('(', PARENTHESIS);
  while (!stream.accept(')')) {
    labels.push(readLabel(stream));
    if (!stream.accept(',') && !stream.isAt(')')) stream.unexpected(SEPARATOR);
  }
  return labels;
}

function readLabel(stream: TokenStream): string {
  const token = stream.peek();
  if (isLabelName(token)) return stream.next().text;
  if (token.kind !== 'string') return stream.unexpected(LABEL);
  stream.next();
  const label = unquote(token.text);
  if (label === '' || !isUtf8(label)) {
    stream.fail(token.start, `invalid label name for grouping: ${quoteString(label)}`);
  }
  return label;
}
