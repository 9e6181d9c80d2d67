import fc from 'fast-check';
import { compareLabels, compareText, formatLabels, labelsKey } from '../../../core/promql/labels';

describe('labels', () => {
  it('are written in the order of their names, whole numbers among them', () => {
    expect(formatLabels({ '9': 'b', '!b': 'q', '10': 'a', job: 'x"y' })).toBe(
      String.raw`{"!b"="q", "10"="a", "9"="b", job="x\"y"}`,
    );
  });

  it('are compared name by name and value by value', () => {
    expect(compareLabels({ a: '1' }, { a: '2' })).toBeLessThan(0);
    expect(compareLabels({ a: '1' }, { b: '0' })).toBeLessThan(0);
    expect(compareLabels({ a: '1', b: '2' }, { a: '1' })).toBeGreaterThan(0);
    expect(compareLabels({ '9': '1' }, { '10': '1' })).toBeGreaterThan(0);
    expect(compareLabels({ a: '1', b: '' }, { a: '1' })).toBe(0);
  });

  it('have the same key exactly if they are the same', () => {
    const labels = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.string({ maxLength: 3 }), {
      maxKeys: 3,
    });
    fc.assert(
      fc.property(labels, labels, (a, b) => {
        expect(labelsKey(a) === labelsKey(b)).toBe(compareLabels(a, b) === 0);
      }),
    );
  });

  it('are ordered as their bytes in UTF-8 are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
