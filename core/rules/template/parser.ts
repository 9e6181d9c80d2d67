import { messageOf, NotSupportedError, UsageError } from '../../errors';
import { goUnquote } from '../../kube/go-quote';
import { type Expression, type TemplateNode } from './ast';
import { lexTemplate, type Token } from './lexer';

const KEYWORDS = [
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
];
const CONSTANTS = ['true', 'false'];
const FUNCTIONS = [
  ...[
    'and',
    'call',
    'html',
    'index',
    'js',
    'len',
    'not',
    'or',
    'print',
    'printf',
    'println',
    'slice',
    'urlquery',
  ],
  ...['eq', 'ge', 'gt', 'le', 'lt', 'ne'],
];

/**
 * Parses the part of Go's text/template that is understood: text, comments, fields, strings and `index`.
 * @param what names the template in errors
 * @throws NotSupportedError naming any other construct of the language
 * @throws UsageError on what Go itself would refuse
 */
export function parseTemplate(source: string, what: string): TemplateNode[] {
  return lexTemplate(source, what).map((piece) =>
    piece.kind === 'text' ? piece : { kind: 'action', expression: parseAction(piece.tokens, what) },
  );
}

function parseAction(tokens: readonly Token[], what: string): Expression {
  const undefinedName = tokens.find(({ kind, text }) => kind === 'identifier' && !isKnownName(text));
  if (undefinedName) throw new UsageError(`${what}: function "${undefinedName.text}" not defined`);
  const construct = tokens.map(unsupportedConstruct).find((found) => found !== undefined);
  if (construct !== undefined) throw new NotSupportedError(`Go template ${construct} in ${what}`);
  const joined = tokens.find((token, index) => !token.spaced && !mayTouch(tokens[index - 1], token));
  if (joined) throw new UsageError(`${what}: unexpected ${joined.text} without a space before it`);
  const [first, ...rest] = tokens;
  if (!first) throw new UsageError(`${what}: missing value for command`);
  return first.kind === 'identifier' ? parseIndex(rest, what) : parseOperand(tokens, what);
}

/** Only the fields of one path may stand side by side. */
function mayTouch(before: Token | undefined, token: Token): boolean {
  return before === undefined || (before.kind === 'field' && token.kind === 'field');
}

function parseIndex(tokens: readonly Token[], what: string): Expression {
  const [target, ...keys] = operands(tokens, what);
  if (!target) throw new UsageError(`${what}: wrong number of args for index: want at least 1 got 0`);
  return { kind: 'index', target, keys };
}

function parseOperand(tokens: readonly Token[], what: string): Expression {
  const [expression, extra] = operands(tokens, what);
  if (!expression || extra)
    throw new UsageError(`${what}: can't give argument to non-function ${tokens[0]?.text}`);
  return expression;
}

/** Fields and strings; fields that touch are one path. */
function operands(tokens: readonly Token[], what: string): Expression[] {
  const found: Expression[] = [];
  for (const token of tokens) {
    const last = found.at(-1);
    if (token.kind === 'string') {
      found.push({ kind: 'string', value: stringValue(token.text, what) });
    } else if (last?.kind === 'field' && !token.spaced) {
      found[found.length - 1] = { kind: 'field', path: [...last.path, token.text.slice(1)] };
    } else {
      found.push({ kind: 'field', path: [token.text.slice(1)] });
    }
  }
  return found;
}

function stringValue(quoted: string, what: string): string {
  try {
    return goUnquote(quoted);
  } catch (error) {
    throw new UsageError(`${what}: ${messageOf(error)}`);
  }
}

/** Names the construct that a token belongs to, if it is one that is not understood. */
function unsupportedConstruct({ kind, text }: Token, index: number): string | undefined {
  switch (kind) {
    case 'variable':
      return `variable ${text}`;
    case 'number':
    case 'character':
      return `constant ${text}`;
    case 'dot':
      return 'cursor "."';
    case 'symbol':
      return text === '|' ? 'pipeline "|"' : `"${text}"`;
    case 'identifier':
      if (KEYWORDS.includes(text)) return `keyword ${text}`;
      if (CONSTANTS.includes(text)) return `constant ${text}`;
      return text === 'index' && index === 0 ? undefined : `function ${text}`;
    case 'string':
    case 'field':
      return undefined;
  }
}

function isKnownName(name: string): boolean {
  return [KEYWORDS, CONSTANTS, FUNCTIONS].some((names) => names.includes(name));
}
