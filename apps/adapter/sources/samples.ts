import type { QuerySample } from '../../../core/adapter/request';
import type { Labels } from '../../../core/kube/selector';
import { SourceError } from './outcome';

/** As `strconv.FormatFloat` writes them; `Number` alone would take `0x10` and blanks too. */
const FLOAT = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i;

/**
 * The elements of an instant vector. They are checked by hand: a schema library takes longer for ten thousand of them
 * than reading the JSON does.
 * @throws SourceError `not-understood` for what is no vector, `query` for a native histogram
 */
export function vectorSamples(result: unknown): readonly QuerySample[] {
  // A vector without elements is null in some successors of Prometheus.
  if (result === null || result === undefined) return [];
  if (!Array.isArray(result)) throw notUnderstood('its result is no list');
  return result.map(sample);
}

/** The value of `[time, "text"]`. @throws SourceError */
export function pointValue(point: unknown): number {
  const text: unknown = Array.isArray(point) && point.length === 2 ? point[1] : undefined;
  if (typeof text !== 'string') throw notUnderstood('a value is not [time, "text"]');
  if (FLOAT.test(text)) return Number(text);
  switch (text) {
    case 'NaN':
      return Number.NaN;
    case '+Inf':
    case 'Inf':
      return Number.POSITIVE_INFINITY;
    case '-Inf':
      return Number.NEGATIVE_INFINITY;
    default:
      throw notUnderstood('a value is no number');
  }
}

function sample(element: unknown): QuerySample {
  if (!isObject(element) || !isLabels(element.metric)) throw notUnderstood('an element has no labels');
  const { metric: labels, value } = element;
  if (value === undefined && element.histogram !== undefined) throw histogram(labels);
  return { labels, value: pointValue(value) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLabels(value: unknown): value is Labels {
  if (!isObject(value)) return false;
  for (const name in value) {
    if (typeof value[name] !== 'string') return false;
  }
  return true;
}

function histogram({ __name__: name, ...labels }: Labels): SourceError {
  const of = name ?? `the element ${JSON.stringify(labels).slice(0, 100)}`;
  return new SourceError(
    'query',
    `${of} is a native histogram, which is no single value: use histogram_quantile(), histogram_avg() or histogram_count()`,
  );
}

/** An answer of the right status whose content is not what Prometheus' API has. */
export function notUnderstood(why: string): SourceError {
  return new SourceError('not-understood', `its answer is not understood: ${why}`);
}
