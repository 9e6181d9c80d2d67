import { lineColumn } from '../../../../core/promql/language/line-column';

describe('lineColumn', () => {
  it.each([
    ['abc', 0, '1:1'],
    ['abc', 3, '1:4'],
    ['a\nbc', 2, '2:1'],
    ['a\nbc\n', 5, '3:1'],
    ['é😀x', 6, '1:7'],
    ['é\né', 3, '2:1'],
    ['', 0, 'unknown position'],
  ])('in %j, byte %i is at %s', (text, offset, expected) => {
    expect(lineColumn(text, offset)).toBe(expected);
  });
});
