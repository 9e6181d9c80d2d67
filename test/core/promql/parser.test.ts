import { NotSupportedError, UsageError } from '../../../core/errors';
import { Matcher, parseExpr, parseSelector } from '../../../core/promql';

describe('parseExpr', () => {
  it('reads a query as an adapter rule renders it', () => {
    const text = 'sum(rate(requests_total{reporter="server",pod=~"a|b"}[1m])) by (pod)';
    const matchers = [
      new Matcher('__name__', '=', 'requests_total'),
      new Matcher('reporter', '=', 'server'),
      new Matcher('pod', '=~', 'a|b'),
    ];
    const selector = { kind: 'vectorSelector', name: 'requests_total', matchers, offsetMs: 0 };
    expect(parseExpr(text)).toEqual({
      kind: 'aggregate',
      operator: 'sum',
      grouping: { without: false, labels: ['pod'] },
      operand: {
        kind: 'call',
        function: 'rate',
        args: [{ kind: 'matrixSelector', selector, rangeMs: 60_000 }],
      },
    });
  });

  it.each([
    ['sum by (a) (x)', 'sum(x) by (a)'],
    ['sum without (a, b,) (x)', 'SUM(x) WITHOUT (a,b)'],
    ['x # a comment\n + y', 'x + y'],
    ['{__name__="x"}', 'x'],
    ['{"x", a="1"}', 'x{a="1"}'],
    ['x{a="1",}', "x{a='1'}"],
    ['x{a="\\u0041\\x42\\103\\n"}', 'x{a="ABC\n"}'.replace('\n', '\\n')],
    [String.raw`x{a="\U0001F600"}`, 'x{a="😀"}'],
    ['x{a=`\\n`}', 'x{a="\\\\n"}'],
    ['x[90s]', 'x[1m30s]'],
    ['x[90]', 'x[1m30s]'],
    ['x[5m] offset 1h', 'x[300s] OFFSET 60m'],
    ['x offset -1.5', 'x offset -1500ms'],
    ['1 + 2 * 3', '1 + (2 * 3)'],
    ['2 ^ 3 ^ 2', '2 ^ (3 ^ 2)'],
    ['-x ^ 2', '-(x ^ 2)'],
    ['-x * 2', '(-x) * 2'],
    ['x - y - z', '(x - y) - z'],
    ['a or b and c unless d', 'a or ((b and c) unless d)'],
    ['a > b + c', 'a > (b + c)'],
    ['- - 1', '1'],
    ['0x1F', '31'],
    ['017', '15'],
    ['1_000', '1000'],
    ['1e3', '1000'],
    ['5m', '300'],
    ['.5', '0.5'],
    ['inf', '+Inf'],
    ['x + on (a) group_left y', 'x + on (a) group_left () y'],
    ['vector(1) == bool 1', '(vector(1)) == bool (1)'],
  ])('reads %s as %s', (text, same) => {
    expect(parseExpr(text)).toEqual(parseExpr(same));
  });

  it('takes keywords for metric names where only a name can stand', () => {
    for (const name of ['sum', 'by', 'offset', 'and', 'without', 'start', 'fill', 'a:b:c']) {
      expect(parseExpr(`${name} + 1`)).toMatchObject({ left: { kind: 'vectorSelector', name } });
    }
    expect(parseExpr('x{sum="1",by="2",on="3"}')).toMatchObject({ name: 'x' });
  });

  it('leaves the name open where several conditions are on it', () => {
    expect(parseExpr('{__name__="a",__name__=~"a|b"}')).not.toHaveProperty('name');
    expect(parseExpr('{__name__=~"a"}')).not.toHaveProperty('name');
  });

  it('keeps how two vectors are matched', () => {
    expect(parseExpr('a / ignoring (b, c) group_right (d) e')).toMatchObject({
      matching: { cardinality: 'one-to-many', on: false, labels: ['b', 'c'], include: ['d'] },
    });
    expect(parseExpr('a or on () b')).toMatchObject({ matching: { cardinality: 'many-to-many', on: true } });
    expect(parseExpr('a * 2')).toMatchObject({ matching: undefined });
  });

  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['sum(', '1:4: parse error: unclosed left parenthesis'],
    ['x)', "1:2: parse error: unexpected right parenthesis ')'"],
    ['x{a="1"', '1:2: parse error: unclosed left brace'],
    ['1 +\n  ', '2:3: parse error: unexpected end of input'],
    ['x y', '1:3: parse error: unexpected identifier "y"'],
    ['x &', "1:3: parse error: unexpected character: '&'"],
    ['x{a}', '1:4: parse error: unexpected "}" in label matching, expected label matching operator'],
    ['x{a=b}', '1:5: parse error: unexpected identifier "b" in label matching, expected string'],
    ['x{1="b"}', '1:3: parse error: unexpected number "1" in label matching, expected identifier or "}"'],
    ['x{a="b" c="d"}', '1:9: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
    ['x{a="b', '1:5: parse error: unterminated quoted string'],
    [String.raw`x{a="\q"}`, String.raw`1:5: parse error: unknown escape sequence \q`],
    [String.raw`"\777"`, '1:1: parse error: escape sequence is an invalid Unicode code point'],
    [String.raw`"\ud800"`, '1:1: parse error: escape sequence is an invalid Unicode code point'],
    ['x{a=~"("}', '1:6: parse error: invalid regular expression'],
    ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{__name__="y"}', '1:1: parse error: metric name must not be set twice: "x" or "y"'],
    ['x[5m', '1:2: parse error: unclosed left bracket'],
    ['x[]', '1:3: parse error: unexpected "]" in subquery or range selector, expected number or duration'],
    ['x[5m 1m]', '1:6: parse error: unexpected duration "1m" in subquery or range, expected "]"'],
    ['x[0s]', '1:3: parse error: duration must be greater than 0'],
    ['x[Inf]', '1:3: parse error: duration out of range'],
    ['x[1m1h]', '1:3: parse error: invalid duration "1m1h"'],
    ['1.2.3', '1:1: parse error: bad number or duration syntax: "1.2.3"'],
    ['5mm', '1:1: parse error: bad number or duration syntax: "5mm"'],
    ['(x)[5m]', '1:4: parse error: ranges only allowed for vector selectors'],
    ['1[5m]', '1:2: parse error: ranges only allowed for vector selectors'],
    ['x offset 1m [5m]', '1:13: parse error: no offset modifiers allowed before range'],
    ['x offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
    ['x offset y', '1:10: parse error: unexpected identifier "y" in offset, expected number or duration'],
    ['1 offset 5m', '1:1: parse error: offset modifier must be preceded by an instant vector selector'],
    ['(x) offset 5m', '1:1: parse error: offset modifier must be preceded by'],
    ['on', '1:1: parse error: unexpected identifier "on"'],
    ['sum by a (x)', '1:8: parse error: unexpected identifier "a" in grouping opts, expected "("'],
    ['sum by (1) (x)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
    [
      'sum by (a b) (x)',
      '1:11: parse error: unexpected identifier "b" in grouping opts, expected "," or ")"',
    ],
    ['sum by ("") (x)', '1:9: parse error: invalid label name for grouping: ""'],
    ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
    [
      'sum(1, x)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2',
    ],
    [
      'sum(x[5m])',
      '1:5: parse error: expected type instant vector in aggregation expression, got range vector',
    ],
    [
      'rate(x)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['rate(x[1m],)', '1:11: parse error: trailing commas not allowed in function call args'],
    ['rate(x[1m] y)', '1:12: parse error: unexpected identifier "y" in call to function "rate"'],
    ['rate()', '1:1: parse error: expected 1 argument(s) in call to "rate", got 0'],
    ['time(1)', '1:1: parse error: expected 0 argument(s) in call to "time", got 1'],
    ['round()', '1:1: parse error: expected at least 1 argument(s) in call to "round", got 0'],
    ['round(x, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
    [
      'clamp_min(x, "1")',
      '1:14: parse error: expected type scalar in call to function "clamp_min", got string',
    ],
    ['x + filler(y)', '1:5: parse error: unknown function with name "filler"'],
    ['foo(x)', '1:1: parse error: unknown function with name "foo"'],
    ['constructor(x)', '1:1: parse error: unknown function with name "constructor"'],
    [
      '-"a"',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector',
    ],
    ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['x + bool 1', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['x + y[5m]', '1:5: parse error: binary expression must contain only scalar and instant vector types'],
    ['"a" + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
    ['x and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['x + on (a) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
    [
      'x + on (a) group_left (a) y',
      '1:3: parse error: label "a" must not occur in ON and GROUP clause at once',
    ],
    ['x or on (a) group_left y', '1:1: parse error: no grouping allowed for "or" operation'],
    ['x + group_left y', '1:5: parse error: unexpected identifier "group_left"'],
  ])('refuses %j: %s', (text, problem) => {
    const parse = () => parseExpr(text);
    expect(parse).toThrow(UsageError);
    expect(parse).not.toThrow(NotSupportedError);
    expect(parse).toThrow(`invalid PromQL expression ${JSON.stringify(text)}: ${problem}`);
  });

  it.each([
    ['histogram_quantile(0.9, x)', 'PromQL function histogram_quantile()'],
    ['sum(absent(x))', 'PromQL function absent()'],
    ['topk(3, x)', 'PromQL aggregation topk()'],
    ['quantile by (a) (0.5, x)', 'PromQL aggregation quantile()'],
    ['rate(x[5m:1m])', 'PromQL subqueries'],
    ['sum(x)[5m:]', 'PromQL subqueries'],
    ['(x)[5m:]', 'PromQL subqueries'],
    ['x @ 5', 'PromQL @ modifier'],
    ['(x) @ end()', 'PromQL @ modifier'],
    ['x[5m] anchored', 'PromQL anchored modifier'],
    ['x[5m + 1m]', 'PromQL duration expressions'],
    ['x[step()]', 'PromQL duration expressions'],
    ['x offset (5m)', 'PromQL duration expressions'],
    ['x atan2 y', 'PromQL operator atan2'],
    ['x </ 1', 'PromQL operator </'],
    ['x + fill (0) y', 'PromQL fill modifier'],
    [String.raw`x{a="\xff"}`, String.raw`string escape \xff for a single byte above 0x7f`],
  ])('says that %s is not supported: %s', (text, what) => {
    const parse = () => parseExpr(text);
    expect(parse).toThrow(NotSupportedError);
    expect(parse).toThrow(`not supported: ${what}`);
  });
});

describe('parseSelector', () => {
  it('gives the matchers, the one on the name first', () => {
    expect(parseSelector('up{job!="a"}').map(String)).toEqual(['__name__="up"', 'job!="a"']);
    expect(parseSelector('{job!="a",__name__="up"}').map(String)).toEqual(['__name__="up"', 'job!="a"']);
  });

  it.each(['up[5m]', 'up offset 5m', 'sum(up)', '1', ''])('refuses %j', (text) => {
    expect(() => parseSelector(text)).toThrow(/in series selector/);
  });
});
