/**
 * Makes one number of several. Aggregations over series and functions over time share these, as their arithmetic is
 * the same in `promql/engine.go` and `promql/functions.go`. There is always at least one value.
 */
export type Reducer = (values: ArrayLike<number>, count: number) => number;

/** A sum that carries the rounding error along (Kahan and Neumaier; `util/kahansum`). */
class KahanSum {
  constructor(
    public sum = 0,
    public compensation = 0,
  ) {}

  add(increment: number): void {
    const { sum } = this;
    const total = sum + increment;
    if (total === Infinity || total === -Infinity) this.compensation = 0;
    else if (Math.abs(sum) >= Math.abs(increment)) this.compensation += sum - total + increment;
    else this.compensation += increment - total + sum;
    this.sum = total;
  }
}

export const sum: Reducer = (values, count) => {
  const total = new KahanSum();
  for (let index = 0; index < count; index++) total.add(at(values, index));
  return total.sum + total.compensation;
};

export const avg: Reducer = (values, count) => {
  const total = new KahanSum(at(values, 0));
  for (let index = 1; index < count; index++) {
    const { sum: sumBefore, compensation: compensationBefore } = total;
    total.add(at(values, index));
    if (Math.abs(total.sum) === Infinity) {
      const mean = new KahanSum(sumBefore / index, compensationBefore / index);
      return incrementalAvg(mean, values, index, count);
    }
  }
  return total.sum / count + total.compensation / count;
};

/** Goes on with a running mean where the sum would overflow. */
function incrementalAvg(mean: KahanSum, values: ArrayLike<number>, from: number, count: number): number {
  for (let index = from; index < count; index++) {
    const share = index / (index + 1);
    mean.sum *= share;
    mean.compensation *= share;
    mean.add(at(values, index) / (index + 1));
  }
  return mean.sum + mean.compensation;
}

export const min: Reducer = (values, count) => {
  let least = at(values, 0);
  for (let index = 1; index < count; index++) {
    const value = at(values, index);
    if (value < least || Number.isNaN(least)) least = value;
  }
  return least;
};

export const max: Reducer = (values, count) => {
  let greatest = at(values, 0);
  for (let index = 1; index < count; index++) {
    const value = at(values, index);
    if (value > greatest || Number.isNaN(greatest)) greatest = value;
  }
  return greatest;
};

export const count: Reducer = (_values, length) => length;

export const one: Reducer = () => 1;

export const last: Reducer = (values, length) => at(values, length - 1);

/** Population variance by Welford's method, in the order of `aggregation` in `promql/engine.go`. */
export const stdvar: Reducer = (values, length) => {
  let mean = at(values, 0);
  let squares = Number.isFinite(mean) ? 0 : Number.NaN;
  for (let index = 1; index < length; index++) {
    const value = at(values, index);
    const delta = value - mean;
    mean += delta / (index + 1);
    squares += delta * (value - mean);
  }
  return squares / length;
};

export const stddev: Reducer = (values, length) => Math.sqrt(stdvar(values, length));

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
