import { semanticEqual } from '../../../core/hpa/status';
import { Quantity } from '../../../core/kube/quantity';

describe('semanticEqual', () => {
  it.each([
    [1, 1, true],
    [1, 2, false],
    [1, undefined, false],
    [{ a: 1 }, 1, false],
    [{ a: 1 }, null, false],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [[1, 2], [1, 2], true],
    [[1, 2], [1], false],
    [[1], [1, 2], false],
    [{ value: Quantity.parse('1') }, { value: Quantity.parse('1000m') }, true],
    [{ value: Quantity.parse('1') }, { value: Quantity.parse('2') }, false],
    [Quantity.parse('1'), 1, false],
  ])('%j and %j: %s', (left, right, equal) => {
    expect(semanticEqual(left, right)).toBe(equal);
  });
});
