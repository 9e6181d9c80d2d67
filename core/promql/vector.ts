import { UsageError } from '../errors';
import { type Labels } from '../kube/selector';
import { dropMetricName, labelsKey } from './labels';
import { type Sample } from './result';

/** The elements of an instant vector; no two have the same labels. */
export type Vector = readonly Sample[];

/**
 * Applies a function to every value. The result measures something else, so it loses the metric name. Elements for
 * which there is no result are left out.
 * @throws UsageError if two elements differed in the metric name only
 */
export function mapValues(vector: Vector, compute: (value: number) => number | undefined): Vector {
  const results: Sample[] = [];
  for (const { labels, value } of vector) {
    const result = compute(value);
    if (result !== undefined) results.push({ labels: dropMetricName(labels), value: result });
  }
  return requireDistinct(results);
}

/**
 * The vector itself.
 * @throws UsageError if two elements have the same labels
 */
export function requireDistinct(vector: Vector): Vector {
  if (!areDistinct(vector)) throw new UsageError('vector cannot contain metrics with the same labelset');
  return vector;
}

/** Whether no two elements have the same labels. */
export function areDistinct(elements: readonly { readonly labels: Labels }[]): boolean {
  return (
    elements.length < 2 || new Set(elements.map(({ labels }) => labelsKey(labels))).size === elements.length
  );
}
