import fc from 'fast-check';
import { NotSupportedError, UsageError } from '../../../core/errors';
import { parseSeriesNotation, type SequenceValue } from '../../../core/promqltest/series-notation';

/** Values as short text: numbers, `_` and `stale`. */
function shown(line: string): string {
  return parseSeriesNotation(line)
    .values.map((value: SequenceValue) => (value.kind === 'value' ? String(value.value) : value.kind))
    .join(' ');
}

describe('the notation of series', () => {
  it.each([
    ['m 1 2.5 -3', '1 2.5 -3'],
    ['m 1x3', '1 1 1 1'],
    ['m 1x0', '1'],
    ['m 1+2x3', '1 3 5 7'],
    ['m 10-2.5x2', '10 7.5 5'],
    ['m -2--1x2', undefined],
    ['m _ 1 _x3 stale 2', 'omitted 1 omitted omitted omitted stale 2'],
    ['m _x0 5', '5'],
    ['m NaN Inf -Inf +Inf nan', 'NaN Infinity -Infinity Infinity NaN'],
    ['m 1e3 1.5e-3x1 .5 5.', '1000 0.0015 0.0015 0.5 5'],
    ['m 1_000 010', '1000 8'],
    ['m{} ', ''],
    ['m', ''],
    ['m\t1\t2', '1 2'],
    ['m Inf-1x1', 'Infinity Infinity'],
  ])('%j holds %s', (line, values) => {
    if (values === undefined) expect(() => shown(line)).toThrow(UsageError);
    else expect(shown(line)).toBe(values);
  });

  it.each([
    ['m 1', { __name__: 'm' }],
    ['{} 1', {}],
    ['m{a="b",c=\'d\', e=`f`} 1', { __name__: 'm', a: 'b', c: 'd', e: 'f' }],
    ['m{a="b",} 1', { __name__: 'm', a: 'b' }],
    ['  m { 1', undefined],
    ['{"a.b", "c d"="e"} 1', { __name__: 'a.b', 'c d': 'e' }],
    ['{__name__="m"} 1', { __name__: 'm' }],
    ['m{a=""} 1', { __name__: 'm' }],
    ['m{a="x\\"y\\n\\u00e9"} 1', { __name__: 'm', a: 'x"y\né' }],
    ['a:b:c{sum="by"} 1', { __name__: 'a:b:c', sum: 'by' }],
    ['sum 1', { __name__: 'sum' }],
  ])('%j is of the series %j', (line, labels) => {
    if (labels === undefined) expect(() => parseSeriesNotation(line)).toThrow(UsageError);
    else expect(parseSeriesNotation(line).labels).toEqual(labels);
  });

  it.each([
    ['m 1+2', 'column 3: "1+2" is not a value'],
    ['m x3', 'column 3: "x3" is not a value'],
    ['m 1 x3', 'column 5: "x3"'],
    ['m NaNx3', 'column 3: "NaNx3"'],
    ['m stalex3', 'column 3: "stalex3"'],
    ['m 0x1F', 'column 3: "0x1F"'],
    ['m{a="b"}1', 'column 9: expected a space before the values'],
    ['m{a} 1', 'column 4: expected "="'],
    ['m{a=b} 1', 'column 5: expected a quoted string'],
    ['m{a="b" c="d"} 1', 'column 9: expected "," or "}"'],
    ['m{a="b"', 'column 8: expected "," or "}"'],
    ['1 2', 'column 1: expected a metric name or "{"'],
    ['on 1', '"on" is a keyword'],
    ['m{a="\\q"} 1', 'column 5: '],
    ['m 1x99999999', 'more than 10000000 values'],
  ])('%j is refused: %s', (line, problem) => {
    expect(() => parseSeriesNotation(line)).toThrow(UsageError);
    expect(() => parseSeriesNotation(line)).toThrow(problem);
  });

  it('says that native histograms are not supported', () => {
    expect(() => parseSeriesNotation('m {{schema:0 sum:5}}')).toThrow(NotSupportedError);
  });

  it('reads back any number that is written out', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseSeriesNotation(`m ${value}`).values).toEqual([{ kind: 'value', value: value + 0 }]);
      }),
    );
  });
});
