import fc from 'fast-check';
import { NotSupportedError, UsageError } from '../../../core/errors';
import { Selector } from '../../../core/kube/selector';

describe('Selector', () => {
  it('matches everything when it is empty', () => {
    expect(Selector.from(undefined).matches({ a: 'b' })).toBe(true);
    expect(Selector.from({}).empty).toBe(true);
  });

  it.each([
    ['In', ['x', 'y'], { k: 'x' }, true],
    ['In', ['x'], {}, false],
    ['NotIn', ['x'], {}, true],
    ['NotIn', ['x'], { k: 'x' }, false],
    ['Exists', [], { k: '' }, true],
    ['Exists', [], {}, false],
    ['DoesNotExist', [], {}, true],
    ['DoesNotExist', [], { k: 'x' }, false],
  ])('%s %j on %j is %s', (operator, values, labels: Record<string, string>, expected) => {
    expect(Selector.from({ matchExpressions: [{ key: 'k', operator, values }] }).matches(labels)).toBe(
      expected,
    );
  });

  it('refuses an operator that Kubernetes does not know', () => {
    expect(() => Selector.from({ matchExpressions: [{ key: 'k', operator: 'Like', values: [] }] })).toThrow(
      '"Like" is not a valid label selector operator',
    );
  });

  it.each([
    ['a=b', { a: 'b' }, true],
    ['a==b,c!=d', { a: 'b', c: 'e' }, true],
    ['a in (b, c),!d', { a: 'c' }, true],
    ['a notin (b),d', { d: '1' }, true],
    ['a=b', { a: 'c' }, false],
    ['', { a: 'c' }, true],
  ])('reads the text %s', (text, labels: Record<string, string>, expected) => {
    expect(Selector.parse(text).matches(labels)).toBe(expected);
  });

  it.each([
    ['', ''],
    [' \t', ''],
    ['b,a', 'a,b'],
    ['a', 'a'],
    ['! a', '!a'],
    ['a=', 'a='],
    ['a = ,b!=', 'a=,b!='],
    ['a==b', 'a=b'],
    ['a in (c,,b,c)', 'a in (,b,c)'],
    ['a in ()', 'a in ()'],
    ['a notin(,x)', 'a notin (,x)'],
    ['a in (x, )', 'a in (,x)'],
    ['in in (in,notin),notin', 'in in (in,notin),notin'],
    ['a=in', 'a=in'],
    ['x/y\t!=\nb', 'x/y!=b'],
    ['app.kubernetes.io/name=a_b.c', 'app.kubernetes.io/name=a_b.c'],
  ])('prints %j as %j', (text, printed) => {
    expect(Selector.parse(text).toString()).toBe(printed);
  });

  it.each([
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a in b', "found 'b', expected: '('"],
    ['=b', "found '=', expected: identifier"],
    [',', "found ',', expected: identifier"],
    ['a,', "found '', expected: identifier"],
    ['(a)', "found '(', expected: identifier"],
    ['a b', "found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['inin(a)', "found '(', expected: in, notin, =, ==, !=, gt, lt"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a=(b)', "found '(', expected: identifier"],
    ['a in (b', "found '', expected: ',' or ')'"],
    ['a in (b c)', "found 'c', expected: ',' or ')'"],
    ['a in (=)', "found '=', expected: ',' or ')'"],
    ['é', '"é" is not a valid label key'],
    ['a/', '"a/" is not a valid label key'],
    ['A/b', '"A/b" is not a valid label key'],
    ['a=b-', '"b-" is not a valid label value'],
    [`a=${'x'.repeat(64)}`, 'is not a valid label value'],
  ])('refuses the text "%s"', (text, reason) => {
    expect(() => Selector.parse(text)).toThrow(UsageError);
    expect(() => Selector.parse(text)).toThrow(reason);
  });

  it.each(['a>1', 'a < 1'])('does not support the comparison "%s"', (text) => {
    expect(() => Selector.parse(text)).toThrow(NotSupportedError);
  });

  it.each([
    ['In', undefined, 'label selector on "k": In needs at least one value'],
    ['NotIn', [], 'label selector on "k": NotIn needs at least one value'],
    ['Exists', ['x'], 'label selector on "k": Exists takes no values'],
    ['DoesNotExist', ['x'], 'label selector on "k": DoesNotExist takes no values'],
  ])('refuses %s with %j', (operator, values, reason) => {
    expect(() => Selector.from({ matchExpressions: [{ key: 'k', operator, values }] })).toThrow(reason);
  });

  it('reads back what it prints', () => {
    const word = fc.stringMatching(/^[a-z]{1,5}$/);
    const expression = fc.oneof(
      fc.record({
        key: word,
        operator: fc.constantFrom('In', 'NotIn'),
        values: fc.array(word, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ key: word, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    );
    fc.assert(
      fc.property(
        fc.array(expression, { maxLength: 4 }),
        fc.dictionary(word, word),
        (matchExpressions, labels) => {
          const selector = Selector.from({ matchExpressions });
          expect(Selector.parse(selector.toString()).matches(labels)).toBe(selector.matches(labels));
        },
      ),
    );
  });
});
