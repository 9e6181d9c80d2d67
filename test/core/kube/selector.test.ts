import fc from 'fast-check';
import { UsageError } from '../../../core/errors';
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

  it.each(['a=b=c', 'a in b', '=b', 'a >'])('refuses the text "%s"', (text) => {
    expect(() => Selector.parse(text)).toThrow(UsageError);
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
