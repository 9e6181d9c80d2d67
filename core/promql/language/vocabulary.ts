import { AGGREGATORS } from './ast';
import { type Token, type TokenKind } from './tokens';

/** The words of the language outside braces, whatever their case (`promql/parser/lex.go`). */
export const KEYWORDS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...AGGREGATORS.map((word): [string, TokenKind] => [word, 'aggregator']),
  ...kinds('operator', 'and or unless atan2'),
  ...kinds('keyword', 'offset smoothed anchored by without on ignoring group_left group_right bool'),
  ...kinds('keyword', 'fill fill_left fill_right'),
  ...kinds('preprocessor', 'start end step range max_of min_of'),
  ...kinds('number', 'inf nan'),
]);

/** Words that are keywords only where a parenthesis follows. */
export const FILL_WORDS: ReadonlySet<string> = new Set(['fill', 'fill_left', 'fill_right']);

/** Words that stand for lengths of time in brackets and offsets. */
export const DURATION_WORDS: ReadonlySet<string> = new Set(['step', 'range', 'max_of', 'min_of']);

const NEVER_METRICS: ReadonlySet<string> = new Set(
  'atan2 bool group_left group_right ignoring on inf nan'.split(' '),
);

/** Whether a token can be the name of a metric where an operand may stand. */
export function isMetricName({ kind, word }: Token): boolean {
  switch (kind) {
    case 'identifier':
    case 'metricIdentifier':
    case 'aggregator':
    case 'preprocessor':
      return true;
    case 'keyword':
      return !NEVER_METRICS.has(word);
    case 'operator':
      return word === 'and' || word === 'or' || word === 'unless';
    default:
      return false;
  }
}

/** Whether a token can be a label in `by (…)`, `on (…)` and the like. */
export function isLabelName(token: Token): boolean {
  if (token.kind === 'keyword') return token.word !== 'without';
  return isMetricName(token) || token.word === 'atan2';
}

/** Whether a name may stand before or without braces and mean a metric. */
export function isBareMetricName(name: string): boolean {
  return /^[a-zA-Z_:][\w:]*$/.test(name) && !NEVER_METRICS.has(name.toLowerCase());
}

/** Whether an operand can begin with a token. */
export function startsOperand(token: Token): boolean {
  switch (token.kind) {
    case 'number':
    case 'duration':
    case 'string':
      return true;
    default:
      return ['(', '{', '+', '-'].includes(token.word) || isMetricName(token);
  }
}

function kinds(kind: TokenKind, words: string): [string, TokenKind][] {
  return words.split(' ').map((word) => [word, kind]);
}
