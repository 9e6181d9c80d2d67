import { type Labels } from '../kube/selector';

/** The label that holds the metric name. */
export const METRIC_NAME = '__name__';

/** Labels that say what a metric is; they go when an operation makes something else of it. */
const METADATA_LABELS: readonly string[] = [METRIC_NAME, '__type__', '__unit__'];

/** The labels of a sample that has none. */
export const NO_LABELS: Labels = {};

/** The value of a label; a label that is missing is the same as an empty one. */
export function labelValue(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

/** The labels whose names are in `names`. */
export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  return fromPairs(Object.entries(labels).filter(([name]) => names.includes(name)));
}

/** The labels whose names are not in `names`. */
export function dropLabels(labels: Labels, names: readonly string[]): Labels {
  return fromPairs(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

/** `target` with the labels `names` set to what `source` has, or gone where `source` lacks them. */
export function takeLabels(target: Labels, source: Labels, names: readonly string[]): Labels {
  const taken = names.map((name): [string, string] => [name, labelValue(source, name)]);
  return fromPairs([...Object.entries(dropLabels(target, names)), ...taken]);
}

/** A function of labels that computes its result once for each object. */
export function perLabels<T>(compute: (labels: Labels) => T): (labels: Labels) => T {
  const known = new WeakMap<Labels, { readonly result: T }>();
  return (labels) => {
    let entry = known.get(labels);
    if (!entry) {
      entry = { result: compute(labels) };
      known.set(labels, entry);
    }
    return entry.result;
  };
}

/** The same labels with names in order and without empty values. */
export const canonicalLabels = perLabels((labels) => fromPairs(Object.entries(labels)));

/** The labels without metric name, type and unit. */
export const dropMetricName = perLabels((labels) => dropLabels(labels, METADATA_LABELS));

/** A text that is equal for equal sets of labels and for no others. */
export const labelsKey = perLabels((labels) => JSON.stringify(Object.entries(canonicalLabels(labels))));

/** Labels the way Prometheus' messages write them: `{__name__="up", job="api"}`. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.entries(canonicalLabels(labels));
  return `{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

function fromPairs(pairs: readonly (readonly [string, string])[]): Labels {
  const present = pairs.filter(([, value]) => value !== '');
  return Object.fromEntries(present.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
