import { messageOf, UsageError } from '../../errors';
import { METRIC_NAME } from '../labels';
import { MATCH_OPERATORS, Matcher } from './matcher';
import { unquote } from './quoting';
import { type SelectorSyntax } from './syntax';
import { type Place, type TokenStream } from './token-stream';
import { type Token } from './tokens';

const CONTEXT = 'label matching';
const LABEL: Place = { context: CONTEXT, expected: 'identifier or "}"' };
const OPERATOR: Place = { context: CONTEXT, expected: 'label matching operator' };
const VALUE: Place = { context: CONTEXT, expected: 'string' };
const SEPARATOR: Place = { context: CONTEXT, expected: '"," or "}"' };

/** Reads an instant vector selector without modifiers: `{…}`, or what stands behind the name that was taken. */
export function readVectorSelector(stream: TokenStream, name?: Token): SelectorSyntax {
  const brace = stream.accept('{');
  const matchers: Matcher[] = [];
  const end = brace ? readMatchers(stream, matchers) : (name ?? stream.peek()).end;
  const start = (name ?? brace)?.start ?? end;
  return {
    kind: 'vectorSelector',
    type: 'instant vector',
    name: name?.text ?? '',
    matchers,
    offsetMs: 0,
    start,
    end,
  };
}

/** Reads to behind the closing brace, and says where that is. */
function readMatchers(stream: TokenStream, matchers: Matcher[]): number {
  for (;;) {
    const closing = stream.accept('}');
    if (closing) return closing.end;
    matchers.push(readMatcher(stream));
    if (!stream.accept(',') && !stream.isAt('}')) stream.unexpected(SEPARATOR);
  }
}

function readMatcher(stream: TokenStream): Matcher {
  const label = stream.peek();
  if (label.kind !== 'identifier' && label.kind !== 'string') stream.unexpected(LABEL);
  stream.next();
  const name = label.kind === 'string' ? unquote(label.text) : label.text;
  const { word } = stream.peek();
  const operator = MATCH_OPERATORS.find((candidate) => candidate === word);
  if (operator === undefined) {
    return label.kind === 'string' ? new Matcher(METRIC_NAME, '=', name) : stream.unexpected(OPERATOR);
  }
  stream.next();
  const value = stream.peek();
  if (value.kind !== 'string') stream.unexpected(VALUE);
  stream.next();
  try {
    return new Matcher(name, operator, unquote(value.text));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return stream.fail(label.start, messageOf(error));
  }
}
