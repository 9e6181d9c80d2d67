import { type Matrix, mergeRows, type Row } from './matrix';
import { isInstant, type Run } from './run';
import { unnamed } from './unnamed';

/**
 * Applies a function to every value of a matrix. The results lose the metric name, or will at the end of the query.
 * @param compute undefined takes the value away
 * @throws UsageError if two results of a step differed in the metric name only
 */
export function mapRows(
  run: Run,
  matrix: Matrix,
  compute: (value: number, step: number) => number | undefined,
  delayedNameRemoval: boolean,
): Matrix {
  const rows: Row[] = [];
  for (const row of matrix) {
    const { steps, values } = computed(row, compute);
    if (steps.length === 0) continue;
    rows.push({ labels: unnamed(row.labels, delayedNameRemoval), dropName: true, steps, values });
  }
  return delayedNameRemoval && isInstant(run) ? rows : mergeRows(rows);
}

/** Keeps the elements of a matrix that satisfy a condition, as they are. */
export function filterRows(matrix: Matrix, keeps: (value: number, step: number) => boolean): Matrix {
  const rows: Row[] = [];
  for (const row of matrix) {
    const { steps, values } = computed(row, (value, step) => (keeps(value, step) ? value : undefined));
    if (steps.length === row.steps.length) rows.push(row);
    else if (steps.length > 0) rows.push({ ...row, steps, values });
  }
  return rows;
}

/** The results of a row's values. The steps are the same array if all of them have a result. */
function computed(
  { steps, values }: Row,
  compute: (value: number, step: number) => number | undefined,
): Pick<Row, 'steps' | 'values'> {
  const results: number[] = [];
  let kept: number[] | undefined;
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] ?? 0;
    const result = compute(values[index] ?? Number.NaN, step);
    if (result === undefined) {
      kept ??= steps.slice(0, index);
    } else {
      results.push(result);
      kept?.push(step);
    }
  }
  return { steps: kept ?? steps, values: results };
}
