import { messageOf, UsageError } from '../errors';
import { type VectorSelector } from './ast';
import { METRIC_NAME } from './labels';
import { MATCH_OPERATORS, Matcher, type MatchOperator } from './matcher';
import { type TokenStream } from './token-stream';

const CONTEXT = 'label matching';

/** Reads an instant vector selector without modifiers: `name`, `name{…}` or `{…}`. */
export function readVectorSelector(stream: TokenStream): VectorSelector {
  const { offset } = stream.peek();
  const outside = stream.peek().kind === 'identifier' ? stream.next().text : undefined;
  const inside = stream.acceptSymbol('{') ? readMatchers(stream) : [];
  const twice = inside.find((matcher) => matcher.label === METRIC_NAME);
  if (outside !== undefined && twice) {
    const names = `${JSON.stringify(outside)} or ${JSON.stringify(twice.value)}`;
    return stream.fail(offset, `metric name must not be set twice: ${names}`);
  }
  const matchers = outside === undefined ? inside : [new Matcher(METRIC_NAME, '=', outside), ...inside];
  if (matchers.every((matcher) => matcher.matches(''))) {
    return stream.fail(offset, 'vector selector must contain at least one non-empty matcher');
  }
  return selectorOf(matchers);
}

/** A selector without offset; the condition that gives the metric name comes first. */
function selectorOf(matchers: readonly Matcher[]): VectorSelector {
  const [naming, ...others] = matchers.filter((matcher) => matcher.label === METRIC_NAME);
  if (naming?.operator !== '=' || naming.value === '' || others.length > 0) {
    return { kind: 'vectorSelector', matchers, offsetMs: 0 };
  }
  const rest = matchers.filter((matcher) => matcher !== naming);
  return { kind: 'vectorSelector', name: naming.value, matchers: [naming, ...rest], offsetMs: 0 };
}

function readMatchers(stream: TokenStream): Matcher[] {
  const matchers: Matcher[] = [];
  while (!stream.acceptSymbol('}')) {
    matchers.push(readMatcher(stream));
    if (!stream.acceptSymbol(',') && !stream.isSymbol('}')) stream.unexpected(CONTEXT, '"," or "}"');
  }
  return matchers;
}

function readMatcher(stream: TokenStream): Matcher {
  const label = stream.peek();
  if (label.kind !== 'identifier' && label.kind !== 'string') stream.unexpected(CONTEXT, 'identifier or "}"');
  const name = label.kind === 'string' ? stream.expectString(CONTEXT) : stream.next().text;
  const operator = readOperator(stream);
  if (operator === undefined) {
    if (label.kind === 'string') return new Matcher(METRIC_NAME, '=', name);
    return stream.unexpected(CONTEXT, 'label matching operator');
  }
  const { offset } = stream.peek();
  const value = stream.expectString(CONTEXT);
  try {
    return new Matcher(name, operator, value);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return stream.fail(offset, messageOf(error));
  }
}

function readOperator(stream: TokenStream): MatchOperator | undefined {
  const { text } = stream.peek();
  const operator = MATCH_OPERATORS.find((candidate) => candidate === text);
  if (operator) stream.next();
  return operator;
}
