import type { QueryResult } from '../promql';
import type { PrometheusTrigger } from './prometheus-trigger';

/** What became of an instant query; `status` is there if Prometheus answered with that HTTP status. */
export type PrometheusAnswer = QueryResult | { readonly error: string; readonly status?: number | undefined };

/** The value of a trigger, or why there is none. */
export type TriggerValue = { readonly value: number } | { readonly error: string };

/** What Go's JSON decoder says to a result that is no list of series. */
const NO_LIST =
  'json: cannot unmarshal number into Go struct field .data.result of type struct { Metric struct {} "json:\\"metric\\""; Value []interface {} "json:\\"value\\"" }';

/**
 * Reads Prometheus' answer as the scaler does (`ExecutePromQuery` of pkg/scalers/prometheus_scaler.go): one element
 * gives the value, none gives 0 or an error, several give an error, and a scalar is not understood.
 */
export function readPrometheus(
  { query, ignoreNullValues }: Pick<PrometheusTrigger, 'query' | 'ignoreNullValues'>,
  answer: PrometheusAnswer,
): TriggerValue {
  const nothing = (what: string): TriggerValue => (ignoreNullValues ? { value: 0 } : { error: what });
  if ('error' in answer) {
    const { status, error } = answer;
    return { error: status === undefined ? error : `prometheus query api returned error. status: ${status}` };
  }
  if (answer.type === 'scalar' || answer.type === 'string') return { error: NO_LIST };
  const elements = answer.type === 'vector' ? answer.samples : answer.series;
  if (elements.length === 0)
    return nothing("prometheus metrics 'prometheus' target may be lost, the result is empty");
  if (elements.length > 1) return { error: `prometheus query ${query} returned multiple elements` };
  // A range has no value, but values.
  const [sample] = answer.type === 'vector' ? answer.samples : [];
  if (!sample) return nothing("prometheus metrics 'prometheus' target may be lost, the value list is empty");
  if (Number.isFinite(sample.value)) return { value: sample.value };
  return nothing(`prometheus query returns ${notFinite(sample.value)}`);
}

/** As Go's `%f` prints it. */
function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
