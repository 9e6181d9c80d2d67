import { NotSupportedError } from '../../../../core/errors';
import { parseExpr, parseSelector } from '../../../../core/promql';
import { ALL_FEATURES, treeOf } from '../trees';

describe('parseExpr', () => {
  it('reads a query as an adapter rule renders it', () => {
    const text = 'sum(rate(requests_total{reporter="server",pod=~"a|b"}[1m])) by (pod)';
    const matchers = [
      { label: '__name__', operator: '=', value: 'requests_total' },
      { label: 'reporter', operator: '=', value: 'server' },
      { label: 'pod', operator: '=~', value: 'a|b' },
    ];
    const selector = { kind: 'vectorSelector', name: 'requests_total', matchers, offsetMs: 0 };
    expect(treeOf(text)).toEqual({
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

  it('knows where each part stands, in bytes', () => {
    expect(parseExpr('(x{a="é"}) + rate(y[5m:] offset 1m)')).toMatchObject({
      position: { start: 0, end: 36 },
      left: { position: { start: 1, end: 10 } },
      right: {
        position: { start: 14, end: 36 },
        args: [{ position: { start: 19, end: 35 }, operand: { position: { start: 19, end: 20 } } }],
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
    ['1./6.', '1 / 6'],
    ['99999999999999999999', '1e20'],
    ['0x_ff', '255'],
    ['08', '8'],
    ['x[1.5]', 'x[1500ms]'],
    ['x[1h:]', 'x[3600:]'],
    ['x[5m:1m] offset 1m @ 5', 'x[5m:1m] @ 5.0 offset 60'],
    ['x @ 1m', 'x @ 60'],
    ['x @ -.5', 'x @ -0.5'],
    ['x @ start()[5m]', 'x[5m] @ start()'],
    ['x offset 0s offset 5m', 'x offset 5m'],
    ['x offset 5m + 3', '(x offset 5m) + 3'],
    ['2 ^ -x ^ 2 * 3', '(2 ^ (-(x ^ 2))) * 3'],
    ['a atan2 b * c', '(a atan2 b) * c'],
    ['a </ b + 1', 'a </ (b + 1)'],
    ['topk by (a) (2, x)', 'topk(2, x) by (a)'],
    ['TOPK(2, x)', 'topk(2, x)'],
    ['a * on (b) group_left (c) d', 'a * on (b,) group_left (c,) d'],
    ['1 + on () group_left 2', '1 + 2'],
    ['{"x"} offset 5m', '{__name__="x"} offset 5m'],
    [String.raw`"\xe2\x82\xac\101\u00e9"`, '"€Aé"'],
    [String.raw`'it\'s'`, `"it's"`],
  ])('reads %s as %s', (text, same) => {
    expect(treeOf(text)).toEqual(treeOf(same));
  });

  it.each([
    ['x[1h - 5m]', 'x[3600-5m]', 'x[(1h) - 300s]'],
    ['x offset (5m) + 3', 'x offset (5m + 3)', 'x offset ((5m) + (3))'],
    ['x offset -(5m)', 'x offset -5m', 'x offset - + 5m'],
    ['x offset step() + 3', '(x offset step()) + 3', '(x offset (step())) + 3'],
    ['x offset -2 ^ 2', '(x offset -2) ^ 2', '(x offset (-2)) ^ 2'],
    ['x[-2 ^ 2 + 5m]', 'x[-(2 ^ 2) + 5m]', 'x[(-(2 ^ 2)) + 5m]'],
    ['x[5m:MAX_OF(step(), 1m)]', 'x[5m:max_of(step(), 60)]', 'x[5m:max_of((step()), 60s)]'],
    ['a + fill_left(1) fill_right(1) b', 'a + fill(1) b', 'a + fill_right (1) fill_left (+1) b'],
    ['x[5m] smoothed offset 1m', 'x[5m] offset 1m smoothed', 'x smoothed [5m] offset 1m'],
    ['limitk(2, x)', 'limitk (2, (x))', 'LIMITK(2, x)'],
    ['info(x, {a="b"})', 'info(x, {a="b",})', 'info((x), {a="b"})'],
  ])('reads the experimental %s as %s and %s', (text, same, too) => {
    expect(treeOf(text, ALL_FEATURES)).toEqual(treeOf(same, ALL_FEATURES));
    expect(treeOf(text, ALL_FEATURES)).toEqual(treeOf(too, ALL_FEATURES));
  });

  it('keeps lengths of time to the nanosecond', () => {
    expect(parseExpr('x[0.0000015]')).toMatchObject({ rangeMs: 0.0015 });
    expect(parseExpr('x[292y]')).toMatchObject({ rangeMs: 292 * 365 * 86_400_000 });
  });

  it('keeps bytes that are no UTF-8 apart from each other', () => {
    expect(treeOf(String.raw`"\xff"`)).not.toEqual(treeOf(String.raw`"\xfe"`));
    expect(treeOf(String.raw`"\xff"`)).not.toEqual(treeOf('"ÿ"'));
  });

  it('takes keywords for metric names where only a name can stand', () => {
    for (const name of ['sum', 'by', 'offset', 'and', 'without', 'start', 'fill', 'a:b:c']) {
      expect(parseExpr(`${name} + 1`)).toMatchObject({ left: { kind: 'vectorSelector', name } });
    }
    expect(parseExpr('x{sum="1",by="2",on="3"}')).toMatchObject({ name: 'x' });
  });

  it('leaves the name open where several conditions are on it', () => {
    expect(parseExpr('{__name__="a",__name__=~"a|b"}')).toMatchObject({ name: undefined });
    expect(parseExpr('{__name__=~"a"}')).toMatchObject({ name: undefined });
  });

  it('keeps how two vectors are matched', () => {
    expect(parseExpr('a / ignoring (b, c) group_right (d) e')).toMatchObject({
      matching: { cardinality: 'one-to-many', on: false, labels: ['b', 'c'], include: ['d'] },
    });
    expect(parseExpr('a or on () b')).toMatchObject({ matching: { cardinality: 'many-to-many', on: true } });
    expect(parseExpr('a * 2')).toMatchObject({ matching: undefined });
  });

  it('refuses what nests too deeply to be evaluated', () => {
    const deep = (depth: number) => `${'('.repeat(depth)}1${')'.repeat(depth)}`;
    expect(treeOf(deep(500))).toEqual({ kind: 'number', value: 1 });
    expect(() => parseExpr(deep(100_000))).toThrow(NotSupportedError);
    expect(() => parseExpr('-'.repeat(100_000))).toThrow(NotSupportedError);
    expect(() => parseExpr(`1${'+1'.repeat(100_000)}`)).toThrow(NotSupportedError);
    expect(() => parseExpr(`1${'^1'.repeat(100_000)}`)).toThrow(NotSupportedError);
    expect(() => parseExpr(`x[${'('.repeat(100_000)}`, ALL_FEATURES)).toThrow(NotSupportedError);
  });
});

describe('parseSelector', () => {
  it('gives the matchers, the one on a name outside the braces first', () => {
    expect(parseSelector('up{job!="a"}').map(String)).toEqual(['__name__="up"', 'job!="a"']);
    expect(parseSelector('{job!="a","up"}').map(String)).toEqual(['job!="a"', '__name__="up"']);
    expect(parseSelector('sum').map(String)).toEqual(['__name__="sum"']);
  });

  it('takes selectors that select everything, as Prometheus does', () => {
    expect(parseSelector('{}')).toEqual([]);
    expect(parseSelector('{a=~".*"}').map(String)).toEqual(['a=~".*"']);
  });

  it.each([
    ['up[5m]', '1:3: parse error: unexpected "["'],
    ['up offset 5m', '1:4: parse error: unexpected <offset>'],
    ['sum(up)', '1:4: parse error: unexpected "("'],
    ['1', '1:1: parse error: unexpected number "1"'],
    ['', 'unknown position: parse error: unexpected end of input'],
  ])('refuses %j: %s', (text, problem) => {
    expect(() => parseSelector(text)).toThrow(
      `invalid PromQL expression ${JSON.stringify(text)}: ${problem}`,
    );
  });
});
