import { UsageError } from '../../errors';
import { type Labels } from '../../kube/selector';
import { dropMetricName, labelsKey } from '../labels';

/** One series of results: values at some of the steps, in their order. */
export interface Row {
  readonly labels: Labels;
  /** Whether the metric name goes at the end of the query: only with delayed name removal. */
  readonly dropName: boolean;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** What an expression evaluates to. */
export type Matrix = readonly Row[];

/** The steps of a row in a query of one step. */
export const ONLY_STEP: readonly number[] = [0];

const SAME_LABELS = 'vector cannot contain metrics with the same labelset';

/** @throws UsageError if two of the elements have the same labels */
export function requireDistinct(elements: readonly { readonly labels: Labels }[]): void {
  if (!areDistinct(elements)) failSameLabels();
}

export function failSameLabels(): never {
  throw new UsageError(SAME_LABELS);
}

/** Whether no two elements have the same labels. */
export function areDistinct(elements: readonly { readonly labels: Labels }[]): boolean {
  return (
    elements.length < 2 || new Set(elements.map(({ labels }) => labelsKey(labels))).size === elements.length
  );
}

/**
 * Makes one row of rows with the same labels (`mergeSeriesWithSameLabelset`).
 * @throws UsageError if two of them have a value at the same step
 */
export function mergeRows(matrix: Matrix): Matrix {
  if (areDistinct(matrix)) return matrix;
  const groups = new Map<string, Row[]>();
  for (const row of matrix) {
    const key = labelsKey(row.labels);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return Array.from(groups.values(), mergeGroup);
}

function mergeGroup(rows: readonly Row[]): Row {
  const [first, ...others] = rows;
  if (!first) return failSameLabels();
  if (others.length === 0) return first;
  const points = rows.flatMap(({ steps, values }) =>
    steps.map((step, index) => ({ step, value: values[index] ?? Number.NaN })),
  );
  points.sort((a, b) => a.step - b.step);
  if (points.some(({ step }, index) => step === points[index + 1]?.step)) failSameLabels();
  return { ...first, steps: points.map(({ step }) => step), values: points.map(({ value }) => value) };
}

/**
 * Takes the metric names away that an operation gave up, at the end of a query with delayed name removal.
 * @throws UsageError as {@link mergeRows}
 */
export function removeNames(matrix: Matrix): Matrix {
  return mergeRows(
    matrix.map((row) => (row.dropName ? { ...row, labels: dropMetricName(row.labels) } : row)),
  );
}
