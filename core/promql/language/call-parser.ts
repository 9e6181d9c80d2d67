import { AGGREGATORS, type Aggregator } from './ast';
import { readGrouping } from './matching-parser';
import { quoteString } from './quoting';
import { type FunctionName, FUNCTIONS, signatureOf } from './signatures';
import { type AggregateSyntax, type CallSyntax, type Syntax } from './syntax';
import { type TokenStream } from './token-stream';
import { type Token } from './tokens';
import { startsOperand } from './vocabulary';

/** Aggregations with a parameter before the vector. */
const PARAMETERISED: ReadonlySet<Aggregator> = new Set<Aggregator>([
  ...(['topk', 'bottomk', 'quantile', 'count_values', 'limitk', 'limit_ratio'] as const),
]);
const EXPERIMENTAL: ReadonlySet<Aggregator> = new Set<Aggregator>(['limitk', 'limit_ratio']);

type ReadExpr = (stream: TokenStream) => Syntax;

/** Reads the arguments of a function whose name was taken. */
export function readCall(stream: TokenStream, name: Token, readExpr: ReadExpr): CallSyntax {
  const args = readArguments(stream, readExpr);
  const { text, start } = name;
  if (!isFunctionName(text)) return stream.fail(start, `unknown function with name ${quoteString(text)}`);
  const { experimental, result } = signatureOf(text);
  if (experimental && !stream.options.experimentalFunctions) {
    stream.fail(start, `function ${quoteString(text)} is not enabled`);
  }
  return { kind: 'call', type: result, function: text, args, start, end: stream.lastClosing };
}

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

/** Reads what follows the name of an aggregation that was taken. */
export function readAggregation(stream: TokenStream, name: Token, readExpr: ReadExpr): AggregateSyntax {
  return stream.inAggregation(() => {
    const before = readGrouping(stream);
    const args = readArguments(stream, readExpr);
    const grouping = before ?? readGrouping(stream);
    const end = grouping ? stream.lastClosing : endWithoutGrouping(stream);
    return aggregation(stream, name, args, grouping ?? { without: false, labels: [] }, end);
  });
}

function aggregation(
  stream: TokenStream,
  { word, start }: Token,
  args: readonly Syntax[],
  grouping: AggregateSyntax['grouping'],
  end: number,
): AggregateSyntax {
  const operator = AGGREGATORS.find((candidate) => candidate === word) ?? 'sum';
  const expected = PARAMETERISED.has(operator) ? 2 : 1;
  if (args.length === 0) stream.fail(start, 'no arguments for aggregate expression provided');
  if (EXPERIMENTAL.has(operator) && !stream.options.experimentalFunctions) {
    const flag = '--enable-feature=promql-experimental-functions';
    stream.fail(start, `${operator}() is experimental and must be enabled with ${flag}`);
  }
  const operand = args[expected - 1];
  if (!operand || args.length !== expected) {
    const counts = `expected ${expected}, got ${args.length}`;
    return stream.fail(start, `wrong number of arguments for aggregate expression provided, ${counts}`);
  }
  const parameter = expected === 2 ? args[0] : undefined;
  return { kind: 'aggregate', type: 'instant vector', operator, operand, parameter, grouping, start, end };
}

/**
 * Where an aggregation ends whose grouping could still have come: the next token has been read by then, and if that
 * closes something, Prometheus looks back for the parenthesis before (`findPrevRightParen`).
 */
function endWithoutGrouping(stream: TokenStream): number {
  const next = stream.peek();
  const { lastClosing, text } = stream;
  if (next.kind === 'end' || next.word !== ')') return lastClosing;
  const before = text.slice(0, next.start).replace(/[ \t\n\r]+$/, '');
  return before.endsWith(')') && before.length > 1 ? before.length : lastClosing;
}

/** Reads arguments in parentheses. */
function readArguments(stream: TokenStream, readExpr: ReadExpr): Syntax[] {
  const args: Syntax[] = [];
  stream.expect('(');
  while (!stream.accept(')')) {
    args.push(readExpr(stream));
    const comma = stream.accept(',');
    if (comma && !startsOperand(stream.peek())) {
      stream.fail(comma.start, 'trailing commas not allowed in function call args');
    }
    if (!comma && !stream.isAt(')')) stream.unexpected();
  }
  return args;
}
