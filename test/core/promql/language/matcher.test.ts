import { UsageError } from '../../../../core/errors';
import { Matcher } from '../../../../core/promql';

describe('Matcher', () => {
  it.each([
    ['=', 'a', 'a', true],
    ['=', 'a', 'b', false],
    ['!=', 'a', 'b', true],
    ['!=', 'a', 'a', false],
    ['=~', 'a|b', 'b', true],
    ['=~', 'a|b', 'ab', false],
    ['!~', 'a|b', 'c', true],
    ['!~', 'a|b', 'a', false],
  ] as const)('%s %s against %s is %s', (operator, pattern, value, expected) => {
    expect(new Matcher('x', operator, pattern).matches(value)).toBe(expected);
  });

  it.each([
    ['a|ab', 'ab', true],
    ['api-.*', 'api-1', true],
    ['api-.*', 'my-api-1', false],
    ['.+', '', false],
    ['.*', '', true],
    ['a.b', 'a\nb', true],
    ['(?i)API', 'api', true],
    [String.raw`a\.b|c`, 'a.b', true],
    [String.raw`a\.b|c`, 'axb', false],
    [String.raw`\d+`, '42', true],
    ['a|', '', true],
  ])('the expression %j must match the whole of %j: %s', (pattern, value, expected) => {
    expect(new Matcher('x', '=~', pattern).matches(value)).toBe(expected);
  });

  it('lists the values of alternatives that are literal', () => {
    expect([...(new Matcher('x', '=~', String.raw`a|b\.c|d-e`).possibleValues ?? [])]).toEqual([
      'a',
      'b.c',
      'd-e',
    ]);
    expect(new Matcher('x', '=~', 'a.*').possibleValues).toBeUndefined();
    expect(new Matcher('x', '!~', 'a|b').possibleValues).toBeUndefined();
    expect(new Matcher('x', '!=', 'a').possibleValues).toBeUndefined();
  });

  it.each([
    ['a(b', 'missing closing ): `a(b`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['\\', 'trailing backslash at end of expression: ``'],
    ['\\é', 'invalid escape sequence: `\\é`'],
    ['(?P<n>a)(?P<n>b)', 'invalid named capture: `n`'],
    ['a.\udcff', 'invalid UTF-8: `\udcff`'],
  ])('refuses %j as RE2 does: %s', (pattern, problem) => {
    expect(() => new Matcher('x', '=~', pattern)).toThrow(new UsageError(`error parsing regexp: ${problem}`));
    expect(() => new Matcher('x', '!~', pattern)).toThrow(UsageError);
  });

  it('takes escaped punctuation and bytes that are no UTF-8 for themselves', () => {
    expect(new Matcher('x', '=~', String.raw`a\_\-`).matches('a_-')).toBe(true);
    expect(new Matcher('x', '=~', 'a|\udcff').matches('\udcff')).toBe(true);
  });

  it('prints label names that are not identifiers in quotes', () => {
    expect(new Matcher('pod', '=~', 'a"|b').toString()).toBe(String.raw`pod=~"a\"|b"`);
    expect(new Matcher('k8s.pod', '!=', '').toString()).toBe('"k8s.pod"!=""');
  });
});
