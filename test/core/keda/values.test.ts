import fc from 'fast-check';
import { readPrometheus, servedQuantity, type PrometheusAnswer } from '../../../core/keda';

const QUERY = { query: 'sum(a)' };
const strict = { ...QUERY, ignoreNullValues: false };
const lenient = { ...QUERY, ignoreNullValues: true };

function vector(...values: number[]): PrometheusAnswer {
  return { type: 'vector', samples: values.map((value) => ({ labels: {}, value })) };
}

describe('the value of a trigger', () => {
  it.each<[answer: PrometheusAnswer, strictly: object, leniently: object]>([
    [vector(7.25), { value: 7.25 }, { value: 7.25 }],
    [vector(-1), { value: -1 }, { value: -1 }],
    [
      vector(),
      { error: "prometheus metrics 'prometheus' target may be lost, the result is empty" },
      { value: 0 },
    ],
    [vector(Number.NaN), { error: 'prometheus query returns NaN' }, { value: 0 }],
    [vector(Number.POSITIVE_INFINITY), { error: 'prometheus query returns +Inf' }, { value: 0 }],
    [vector(Number.NEGATIVE_INFINITY), { error: 'prometheus query returns -Inf' }, { value: 0 }],
    [
      { type: 'matrix', series: [{ labels: {}, points: [] }] },
      { error: "prometheus metrics 'prometheus' target may be lost, the value list is empty" },
      { value: 0 },
    ],
  ])('of %j', (answer, strictly, leniently) => {
    expect(readPrometheus(strict, answer)).toEqual(strictly);
    expect(readPrometheus(lenient, answer)).toEqual(leniently);
  });

  it.each<[answer: PrometheusAnswer, error: string]>([
    [vector(1, 2), 'prometheus query sum(a) returned multiple elements'],
    [{ type: 'scalar', value: 1 }, 'json: cannot unmarshal number into Go struct field .data.result'],
    [{ error: 'bad_data: x', status: 400 }, 'prometheus query api returned error. status: 400'],
    [{ error: 'no way' }, 'no way'],
  ])('is none of %j, whatever is ignored', (answer, error) => {
    for (const trigger of [strict, lenient])
      expect(readPrometheus(trigger, answer)).toEqual({ error: expect.stringContaining(error) as string });
  });
});

describe('a number as it is served', () => {
  // resource.MustParse(fmt.Sprintf("%.3f", value)).
  it.each([
    [0, '0'],
    [0.0625, '62m'],
    [0.1875, '188m'],
    [0.3125, '312m'],
    [8.9375, '8.938'],
    [2.0005, '2.001'],
    [0.0005, '1m'],
    [1234.5675, '1234.568'],
    [250, '250'],
    [-5, '0'],
    [Number.NaN, '0'],
    [Number.POSITIVE_INFINITY, '0'],
  ])('%d is %s', (value, text) => {
    expect(servedQuantity(value).toString()).toBe(text);
  });

  it('is within half a thousandth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
        expect(Math.abs(Number(servedQuantity(value).nanos) / 1e9 - value)).toBeLessThanOrEqual(0.0005001);
      }),
    );
  });

  it('is exact for whole numbers, however large', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (value) => {
        expect(servedQuantity(value).nanos).toBe(BigInt(value) * 1_000_000_000n);
      }),
    );
  });
});
