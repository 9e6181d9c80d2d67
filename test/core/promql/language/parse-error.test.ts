import { UsageError } from '../../../../core/errors';
import { parseExpr } from '../../../../core/promql';
import { ParseError } from '../../../../core/promql/language/parse-error';
import { ALL_FEATURES } from '../trees';

/** What is wrong with a text, in Prometheus' words. */
function problemOf(text: string, options = ALL_FEATURES): string {
  try {
    parseExpr(text, options);
  } catch (error) {
    if (error instanceof ParseError) return error.promqlMessage;
    throw error;
  }
  return 'nothing';
}

/** Compared with Prometheus' own in test/conformance; here is one of each kind. */
describe('an expression that is not PromQL is refused', () => {
  it.each([
    ['', 'unknown position: parse error: no expression found in input'],
    [' # nothing', '1:1: parse error: no expression found in input'],
    ['sum(', '1:5: parse error: unclosed left parenthesis'],
    ['x)', "1:3: parse error: unexpected right parenthesis ')'"],
    ['x]', "1:2: parse error: unexpected right bracket ']'"],
    ['x{a="1"', '1:8: parse error: unexpected end of input inside braces'],
    ['x{{', "1:3: parse error: unexpected left brace '{'"],
    ['x[5m', '1:5: parse error: unclosed left bracket'],
    ['x[', '1:3: parse error: unexpected end of input in duration expression'],
    ['x[5m[', "1:5: parse error: unexpected left bracket '['"],
    ['x[5m y]', "1:6: parse error: unexpected character: 'y', expected ':'"],
    ['x[y]', "1:3: parse error: unexpected character in duration expression: 'y'"],
    ['x[:5m]', '1:4: parse error: unexpected colon before duration in duration expression'],
    ['x[5m:1m:1m]', "1:8: parse error: unexpected colon ':'"],
    ['x[5m::]', "1:6: parse error: unexpected colon ':'"],
    ['x[5m] + y[step()::', '1:19: parse error: unexpected repeated colon in duration expression'],
    ['1 +\n  ', '2:3: parse error: unexpected end of input'],
    ['x &', "1:3: parse error: unexpected character: '&'"],
    ['é', "1:1: parse error: unexpected character: 'é'"],
    ['"é" + é', "1:8: parse error: unexpected character: 'é'"],
    ["\\'", String.raw`1:1: parse error: unexpected character: '\\'`],
    ['x =~ "a"', "1:3: parse error: unexpected character after '=': '~'"],
    ['x !', "1:3: parse error: unexpected character after '!': '\ufffd'"],
    ['x{a!"b"}', `1:4: parse error: unexpected character after '!' inside braces: '"'`],
    ['x{1="b"}', "1:3: parse error: unexpected character inside braces: '1'"],
    ['1.2.3', '1:1: parse error: bad number or duration syntax: "1.2."'],
    ['5mm', '1:1: parse error: bad number or duration syntax: "5mm"'],
    ['1 + 5h3x', '1:5: parse error: bad number or duration syntax: "5h3"'],
  ])('because of its characters: %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    ['"a', '1:1: parse error: unterminated quoted string'],
    ['"a\n"', '1:1: parse error: unterminated quoted string'],
    ['1 + `a', '1:5: parse error: unterminated raw string'],
    ['"\ufffd"', '1:1: parse error: invalid UTF-8 rune'],
    ['`\ud800`', '1:1: parse error: invalid UTF-8 rune'],
    [String.raw`"\q"`, "1:1: parse error: unknown escape sequence U+0071 'q'"],
    [String.raw`"\'"`, "1:1: parse error: unknown escape sequence U+0027 '''"],
    ['"\\\n"', '1:1: parse error: unknown escape sequence U+000A'],
    [String.raw`"\xfg"`, "1:1: parse error: illegal character U+0067 'g' in escape sequence"],
    [String.raw`"\08"`, "1:1: parse error: illegal character U+0038 '8' in escape sequence"],
    [String.raw`"\777"`, '1:1: parse error: escape sequence is an invalid Unicode code point'],
    [String.raw`"\ud800"`, '1:1: parse error: escape sequence is an invalid Unicode code point'],
    [String.raw`"\u12`, '1:1: parse error: escape sequence not terminated'],
    ['"\\', '1:1: parse error: escape sequence not terminated'],
  ])('because of a string: %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    ['x y', '1:3: parse error: unexpected identifier "y"'],
    ['x a:b', '1:3: parse error: unexpected metric identifier "a:b"'],
    ['x "abcdefghijk"', String.raw`1:3: parse error: unexpected string "\"abcdefghi"...`],
    ['x 12345678901', '1:3: parse error: unexpected number "1234567890"...'],
    ['x 5m', '1:3: parse error: unexpected duration "5m"'],
    ['on', '1:1: parse error: unexpected <on>'],
    ['x + Group_Left y', '1:5: parse error: unexpected <Group_Left>'],
    ['* x', '1:1: parse error: unexpected <op:*>'],
    ['x sum', '1:3: parse error: unexpected <aggr:sum>'],
    ['x start', '1:3: parse error: unexpected "start"'],
    ['a = b', '1:3: parse error: unexpected "="'],
    ['fill(1)', '1:5: parse error: unexpected "("'],
    ['rate(x y)', '1:8: parse error: unexpected identifier "y"'],
    ['sum(rate(x y))', '1:12: parse error: unexpected identifier "y" in aggregation'],
    ['sum by (a) x', '1:12: parse error: unexpected identifier "x" in aggregation'],
    ['sum by a (x)', '1:8: parse error: unexpected identifier "a" in grouping opts, expected "("'],
    ['sum by (1) (x)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
    ['sum by (without) (x)', '1:9: parse error: unexpected <without> in grouping opts, expected label'],
    [
      'sum by (a b) (x)',
      '1:11: parse error: unexpected identifier "b" in grouping opts, expected "," or ")"',
    ],
    ['sum by ("") (x)', '1:9: parse error: invalid label name for grouping: ""'],
    [String.raw`sum by ("\xff") (x)`, String.raw`1:9: parse error: invalid label name for grouping: "\xff"`],
    ['x + on () group_left ,', '1:22: parse error: unexpected "," in grouping opts, expected "("'],
    ['x{a}', '1:4: parse error: unexpected "}" in label matching, expected label matching operator'],
    ['x{a=b}', '1:5: parse error: unexpected identifier "b" in label matching, expected string'],
    ['x{,}', '1:3: parse error: unexpected "," in label matching, expected identifier or "}"'],
    ['x{a="b" c="d"}', '1:9: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
    ['x{a=~"("}', '1:3: parse error: error parsing regexp: missing closing ): `(`'],
    ['x[5m)', "1:6: parse error: unexpected right parenthesis ')'"],
    [
      'x[]',
      '1:3: parse error: unexpected "]" in subquery or range selector, expected number, duration, step(), or range()',
    ],
    ['x[5m 1m]', '1:6: parse error: unexpected duration "1m" in subquery or range, expected ":" or "]"'],
    [
      'x[5m:*]',
      '1:6: parse error: unexpected <op:*> in subquery selector, expected number, duration, step(), range(), or "]"',
    ],
    ['x[5m:1m 1m]', '1:9: parse error: unexpected duration "1m" in subquery selector, expected "]"'],
    [
      'x offset y',
      '1:10: parse error: unexpected identifier "y" in offset, expected number, duration, step(), or range()',
    ],
    ['x @ y', '1:5: parse error: unexpected identifier "y" in @, expected timestamp'],
    ['x @ start y', '1:11: parse error: unexpected identifier "y" in @, expected timestamp'],
    ['rate(x[1m],)', '1:11: parse error: trailing commas not allowed in function call args'],
  ])('because of its grammar: %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    ['0x', '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "0x": invalid syntax'],
    [
      '1e400',
      '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e400": value out of range',
    ],
    ['1 + 1m1h', '1:5: parse error: not a valid duration string: "1m1h"'],
    ['1.5h', '1:1: parse error: unknown unit "." in duration "1.5h"'],
    ['5hs', '1:1: parse error: unknown unit "hs" in duration "5hs"'],
    ['300y', '1:1: parse error: duration out of range'],
    ['x[1e10]', '1:3: parse error: duration out of range'],
    ['x offset Inf', '1:10: parse error: duration out of range'],
    ['x[0s]', '1:3: parse error: duration must be greater than 0'],
    ['x[5m / 0]', '1:6: parse error: division by zero'],
    ['x[5m % 0]', '1:6: parse error: modulo by zero'],
    ['x @ NaN', '1:1: parse error: timestamp out of bounds for @ modifier: NaN'],
    ['x @ 1e19', '1:1: parse error: timestamp out of bounds for @ modifier: 10000000000000000000.000000'],
    ['(x)[5m]', '1:4: parse error: ranges only allowed for vector selectors'],
    ['x offset 1m [5m]', '1:13: parse error: no offset modifiers allowed before range'],
    ['x @ 5 [5m]', '1:7: parse error: no @ modifiers allowed before range'],
    ['x offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
    ['x @ 1 @ start()', '1:1: parse error: @ <timestamp> may not be set multiple times'],
    [
      '1 offset 5m',
      '1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    [
      'sum(x) @ 5',
      '1:1: parse error: @ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['x anchored smoothed', '1:1: parse error: anchored and smoothed modifiers cannot be used together'],
    ['x[5m:] anchored', '1:1: parse error: anchored modifier is not supported for subqueries'],
    ['sum(x) smoothed', '1:1: parse error: smoothed modifier not implemented'],
  ])('because of a number or a modifier: %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
    [
      'sum(1, x)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2',
    ],
    [
      'topk(x)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    [
      'sum(x[5m])',
      '1:5: parse error: expected type instant vector in aggregation expression, got range vector',
    ],
    ['topk("a", x)', '1:6: parse error: expected type scalar in aggregation parameter, got string'],
    ['count_values(1, x)', '1:14: parse error: expected type string in aggregation parameter, got scalar'],
    ['foo(x)', '1:1: parse error: unknown function with name "foo"'],
    ['RATE(x[5m])', '1:1: parse error: unknown function with name "RATE"'],
    ['constructor(x)', '1:1: parse error: unknown function with name "constructor"'],
    ['rate()', '1:1: parse error: expected 1 argument(s) in call to "rate", got 0'],
    ['time(1)', '1:1: parse error: expected 0 argument(s) in call to "time", got 1'],
    [
      'label_join(x, "a")',
      '1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 2',
    ],
    ['round(x, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
    [
      'rate(x)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    [
      'rate((x))',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    [
      'sort_by_label(x, "a", 1)',
      '1:23: parse error: expected type string in call to function "sort_by_label", got scalar',
    ],
    ['info(x, 1)', '1:1: parse error: expected type instant vector in call to function "info", got scalar'],
    ['info(x, y)', '1:9: parse error: expected label selectors only, got vector selector instead'],
    ['info(x, ({a="b"}))', '1:9: parse error: expected label selectors only'],
    ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{__name__="y"}', '1:1: parse error: metric name must not be set twice: "x" or "y"'],
    ['x{"y"}', '1:1: parse error: metric name must not be set twice: "x" or "y"'],
    ['x[5m][5m:]', '1:1: parse error: subquery is only allowed on instant vector, got matrix instead'],
    [
      '-"a"',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
    ],
    [
      '-x[5m]',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
  ])('because of its types: %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['x + bool 1', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['x </ bool 1', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['x + y[5m]', '1:5: parse error: binary expression must contain only scalar and instant vector types'],
    ['"a" + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
    ['x and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['x + on (a) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
    ['x + fill (1) 1', '1:1: parse error: filling in missing series only allowed between instant vectors'],
    ['x or fill (1) y', '1:1: parse error: filling in missing series not allowed for set operators'],
    [
      'x + on (a) group_left (a) y',
      '1:3: parse error: label "a" must not occur in ON and GROUP clause at once',
    ],
    ['x or on (a) group_left y', '1:1: parse error: no grouping allowed for "or" operation'],
  ])('because of an operator: %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    [
      'limitk(2, x)',
      '1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions',
    ],
    ['info(x)', '1:1: parse error: function "info" is not enabled'],
    ['x + start()', '1:5: parse error: function "start" is not enabled'],
    ['x[5m + 1m]', '1:3: parse error: experimental duration expression is not enabled'],
    ['x[5m:step()]', '1:6: parse error: experimental duration expression is not enabled'],
    ['x offset (5m)', '1:11: parse error: experimental duration expression is not enabled'],
    ['x offset -step()', '1:10: parse error: experimental duration expression is not enabled'],
    ['x[5m] anchored', '1:1: parse error: anchored modifier is experimental and not enabled'],
    ['x + fill (0) y', '1:1: parse error: binop fill modifiers are experimental and not enabled'],
  ])('because a feature is off: %j: %s', (text, problem) => {
    expect(problemOf(text, { durationExpressions: false })).toBe(problem);
    expect(problemOf(text)).toBe('nothing');
  });

  it('with the first of several problems', () => {
    expect(problemOf('foo(x) + bar(')).toBe('1:1: parse error: unknown function with name "foo"');
    expect(problemOf('rate(x) + (y z)')).toBe('1:14: parse error: unexpected identifier "z"');
    expect(problemOf('x[0s $')).toBe("1:6: parse error: unexpected character: '$'");
  });

  it('and users see which expression it was', () => {
    const parse = () => parseExpr('"é" +\n $');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(
      `invalid PromQL expression "\\"é\\" +\\n $": 2:2: parse error: unexpected character: '$'`,
    );
    expect(new ParseError('"é" +\n $', 7, 'x')).toMatchObject({ text: '"é" +\n $', byteOffset: 8 });
  });
});
