import { type EngineOptions, parseSelector, prepare, SeriesStore } from '../../../core/promql';
import { dropMetricName, formatLabels, labelValue } from '../../../core/promql/labels';
import { type Labels } from '../../../core/kube/selector';

export const SECOND = 1000;
export const MINUTE = 60_000;

/** Samples as Prometheus' own tests write them: `1 2 _ stale`, `5x3` (5 four times), `0+10x3` (0 10 20 30). */
export function load(stepMs: number, rows: Readonly<Record<string, string>>): SeriesStore {
  const store = new SeriesStore();
  for (const [metric, notation] of Object.entries(rows)) {
    const labels = parseSelector(metric).map((matcher) => [matcher.label, matcher.value] as const);
    const series = store.series(Object.fromEntries(labels));
    for (const [index, value] of notation.trim().split(/\s+/).flatMap(expand).entries()) {
      if (value === 'stale') series.markStale(index * stepMs);
      else if (value !== '_') series.append(index * stepMs, value);
    }
  }
  return store;
}

function expand(item: string): (number | '_' | 'stale')[] {
  if (item === '_' || item === 'stale') return [item];
  const repeated = /^(-?[\d.]+)([-+][\d.]+)?x(\d+)$/.exec(item);
  if (!repeated) return [Number(item.replace(/Inf$/, 'Infinity'))];
  const [, start, increment, times] = repeated;
  return Array.from(
    { length: Number(times) + 1 },
    (_, index) => Number(start) + index * Number(increment ?? 0),
  );
}

/** The instant vector that a query gives, by its elements' labels. */
export function vectorAt(
  store: SeriesStore,
  query: string,
  atMs: number,
  options?: EngineOptions,
): Record<string, number> {
  const result = prepare(query, options).evaluate(store, atMs);
  if (result.type !== 'vector') throw new Error(`${query} is a ${result.type}`);
  return Object.fromEntries(result.samples.map(({ labels, value }) => [metricText(labels), value]));
}

function metricText(labels: Labels): string {
  const others = formatLabels(dropMetricName(labels));
  const name = labelValue(labels, '__name__');
  return name !== '' && others === '{}' ? name : `${name}${others}`;
}

/** The number that a scalar query gives. */
export function scalarOf(query: string, atMs = 0, store = new SeriesStore()): number {
  const result = prepare(query).evaluate(store, atMs);
  if (result.type !== 'scalar') throw new Error(`${query} is a ${result.type}`);
  return result.value;
}

/** The values of the series that a range query gives, by their labels; null where there is none. */
export function valuesOver(
  store: SeriesStore,
  query: string,
  [startMs, endMs, stepMs]: readonly [number, number, number],
  options?: EngineOptions,
): Record<string, (number | null)[]> {
  const { series } = prepare(query, options).evaluateRange(store, startMs, endMs, stepMs);
  const times = Array.from({ length: (endMs - startMs) / stepMs + 1 }, (_, step) => startMs + step * stepMs);
  return Object.fromEntries(
    series.map(({ labels, points }) => [
      metricText(labels),
      times.map((time) => points.find(({ atMs }) => atMs === time)?.value ?? null),
    ]),
  );
}

/** What there is to say about an instant query. */
export function annotationsOf(
  store: SeriesStore,
  query: string,
  atMs = 0,
  options?: EngineOptions,
): string[] {
  return prepare(query, options)
    .evaluate(store, atMs)
    .annotations.map(({ message }) => message);
}
