import fc from 'fast-check';
import { UsageError } from '../../../core/errors';
import { expand, GoRegexp, quoteMeta } from '../../../core/kube/go-regexp';

function expanded(pattern: string, template: string, text: string): string | undefined {
  const match = GoRegexp.compile(pattern, 'name.matches').find(text);
  return match && expand(template, match);
}

describe('GoRegexp', () => {
  it('matches anywhere in the text', () => {
    expect(GoRegexp.compile('_total', 'filter').matches('requests_total_sum')).toBe(true);
  });

  it.each([
    ['(?P<name>a)', 'a'],
    ['[[:alpha:]]+', 'x'],
    ['(?i)ABC\\z', 'abc'],
  ])('knows the syntax of Go in %s', (pattern, text) => {
    expect(GoRegexp.compile(pattern, 'filter').matches(text)).toBe(true);
  });

  it.each(['a(?=b)', '(?<=a)b', '(a)\\1', '('])('refuses %s, which Go does not know', (pattern) => {
    expect(() => GoRegexp.compile(pattern, 'rules[0].name.matches')).toThrow(UsageError);
    expect(() => GoRegexp.compile(pattern, 'rules[0].name.matches')).toThrow(/^rules\[0\]\.name\.matches: /);
  });

  it('finds the same whichever engine it uses', () => {
    const part = fc.constantFrom('a', 'b', '_', '.', '.*', '.+', '(a|b)', '(.*)', '(a.)', '(|b)', '(.+_|)');
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(part, { maxLength: 5 }), fc.constantFrom('', '$'))
      .map(([start, parts, end]) => start + parts.join('') + end);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '_', '\n', '\r', '\u2028', 'é'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        // A flag that says what holds anyway keeps the expression from the engine of JavaScript.
        const inRe2 = GoRegexp.compile(`(?-i)${source}`, 'x');
        const given = GoRegexp.compile(source, 'x');
        expect(given.find(subject)).toEqual(inRe2.find(subject));
        expect(given.matches(subject)).toBe(inRe2.matches(subject));
      }),
    );
  });

  it('finds the leftmost match', () => {
    expect(GoRegexp.compile('a(.)', 'x').find('ab ac')?.numbered).toEqual(['ab', 'b']);
  });
});

describe('expand', () => {
  it.each([
    ['$1', 'requests'],
    ['${1}_per_second', 'requests_per_second'],
    ['$1_per_second', ''],
    ['$base-x', 'requests-x'],
    ['${base}x', 'requestsx'],
    ['$basex', ''],
    ['$0', 'requests_total'],
    ['$7', ''],
    ['$01', ''],
    ['$$1', '$1'],
    ['$', '$'],
    ['a$-b', 'a$-b'],
    ['${1', '${1'],
    ['${}', '${}'],
    ['constant', 'constant'],
  ])('fills %s as Regexp.Expand does', (template, expected) => {
    expect(expanded('^(?P<base>.*)_total$', template, 'requests_total')).toBe(expected);
  });

  it('yields the filled template only, not the text around the match', () => {
    expect(expanded('^foo_', 'bar_', 'foo_x')).toBe('bar_');
  });

  it('leaves a group empty that took no part in the match', () => {
    expect(expanded('a(b)?', '<$1>', 'a')).toBe('<>');
  });

  it('gives the whole text back for $0 of .*', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/), (name) => {
        expect(expanded('.*', '$0', name)).toBe(name);
      }),
    );
  });
});

describe('quoteMeta', () => {
  it('makes an expression that matches only the text itself', () => {
    const name = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(name, name, (text, other) => {
        const exact = GoRegexp.compile(`^(?:${quoteMeta(text)})$`, 'name');
        expect(exact.matches(text)).toBe(true);
        expect(exact.matches(other)).toBe(text === other);
      }),
    );
  });
});
