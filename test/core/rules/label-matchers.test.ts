import fc from 'fast-check';
import { UsageError } from '../../../core/errors';
import { Selector } from '../../../core/kube/selector';
import { matcherText, nameMatcher, selectorMatchers } from '../../../core/rules/label-matchers';

function matchers(selector: string): string[] {
  return selectorMatchers(Selector.parse(selector)).map(matcherText);
}

describe('selectorMatchers', () => {
  it.each([
    ['l=v', 'l="v"'],
    ['l==v', 'l="v"'],
    ['l!=v', 'l!="v"'],
    ['l in (v)', 'l=~"v"'],
    ['l notin (v)', 'l!~"v"'],
    ['l in (b,a)', 'l=~"a|b"'],
    ['l notin (b,a,a)', 'l!~"a|b"'],
    ['l', 'l!=""'],
    ['!l', 'l=""'],
  ])('makes of %s the matcher %s', (selector, matcher) => {
    expect(matchers(selector)).toEqual([matcher]);
  });

  it.each(['l>1', 'l<1'])('refuses %s, which Prometheus cannot express', (selector) => {
    expect(() => matchers(selector)).toThrow(new UsageError('operator not supported by prometheus'));
  });

  it('orders matchers by label', () => {
    expect(matchers('qux in (bar,baz),foo=bar')).toEqual(['foo="bar"', 'qux=~"bar|baz"']);
  });

  it('tells matchLabels from a one-valued In', () => {
    const selector = Selector.from({
      matchLabels: { a: '1.0' },
      matchExpressions: [{ key: 'b', operator: 'In', values: ['1.*'] }],
    });
    expect(selectorMatchers(selector).map(matcherText)).toEqual(['a="1.0"', 'b=~"1.*"']);
  });
});

describe('nameMatcher', () => {
  it.each([false, true])('compares one name literally (literal: %s)', (literal) => {
    expect(matcherText(nameMatcher('pod', ['a.b'], literal))).toBe('pod="a.b"');
  });

  it('puts several names into an alternation as they are', () => {
    expect(matcherText(nameMatcher('pod', ['a.b', 'c'], false))).toBe('pod=~"a.b|c"');
  });

  it('escapes them if they are to be literal, but not the values by label', () => {
    expect(matcherText(nameMatcher('pod', ['a.b', 'c'], true))).toBe('pod=~"a\\\\.b|c"');
    expect(nameMatcher('pod', ['a.b', 'c'], true).values).toBe('a.b|c');
  });

  it('leaves names without dots as they are', () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 2, maxLength: 5 }), (names) => {
        expect(matcherText(nameMatcher('pod', names, true))).toBe(`pod=~"${names.join('|')}"`);
      }),
    );
  });
});
