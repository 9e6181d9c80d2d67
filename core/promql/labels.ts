import { goQuote } from '../kube/go-quote';
import { type Labels } from '../kube/selector';

/** The label that holds the metric name. */
export const METRIC_NAME = '__name__';

/** Labels that say what a metric is; they go when an operation makes something else of it. */
export const METADATA_LABELS: readonly string[] = [METRIC_NAME, '__type__', '__unit__'];

/** Whether a text can be the name of a label: any text of UTF-8 but the empty one. */
export function isLabelName(name: string): boolean {
  return name !== '' && !/\p{Surrogate}/u.test(name);
}

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

/** The labels with one set to a value; an empty one takes the label away. */
export function setLabel(labels: Labels, name: string, value: string): Labels {
  return fromPairs([...Object.entries(labels).filter(([other]) => other !== name), [name, value]]);
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
export const canonicalLabels = perLabels((labels) =>
  isCanonical(labels) ? labels : fromPairs(Object.entries(labels)),
);

/** The labels without metric name, type and unit. */
export const dropMetricName = perLabels((labels) => dropLabels(labels, METADATA_LABELS));

/** A text that is equal for equal sets of labels and for no others. */
export const labelsKey = perLabels((labels) => {
  let key = '';
  // Lengths keep names and values apart.
  for (const [name, value] of Object.entries(canonicalLabels(labels))) {
    key += `${name.length}:${name}${value.length}:${value}`;
  }
  return key;
});

/** Names and values in the order of the names. An object alone would put names that are whole numbers first. */
export const sortedPairs = perLabels((labels): readonly (readonly [string, string])[] =>
  Object.entries(canonicalLabels(labels)).sort(([a], [b]) => compareText(a, b)),
);

/** Labels the way Prometheus' messages write them: `{__name__="up", job="api"}`. */
export function formatLabels(labels: Labels): string {
  const pairs = sortedPairs(labels);
  const name = (label: string): string => (/^[a-zA-Z_]\w*$/.test(label) ? label : goQuote(label));
  return `{${pairs.map(([label, value]) => `${name(label)}=${goQuote(value)}`).join(', ')}}`;
}

/** Orders labels by names and values, as `labels.Compare` does. */
export function compareLabels(a: Labels, b: Labels): number {
  const left = sortedPairs(a).flat();
  const right = sortedPairs(b).flat();
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareText(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Orders text by code points, which is the order of its bytes in UTF-8. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  let index = 0;
  while (index < a.length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index > 0 && isLowSurrogate(a.charCodeAt(index)) && isLowSurrogate(b.charCodeAt(index))) index--;
  return (a.codePointAt(index) ?? -1) - (b.codePointAt(index) ?? -1);
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function fromPairs(pairs: readonly (readonly [string, string])[]): Labels {
  const present = pairs.filter(([, value]) => value !== '');
  return Object.fromEntries(present.sort(([a], [b]) => compareText(a, b)));
}

function isCanonical(labels: Labels): boolean {
  let previous = '';
  for (const [name, value] of Object.entries(labels)) {
    if (value === '' || (previous !== '' && compareText(previous, name) >= 0)) return false;
    previous = name;
  }
  return true;
}
