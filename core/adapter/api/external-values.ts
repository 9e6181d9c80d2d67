import { type ExternalMetricValues } from '../answer';
import { jsonString, jsonStringMap, timeWriter } from './json-text';

/**
 * `ExternalMetricValueList` of `external.metrics.k8s.io/v1beta1` as compact JSON, its fields in Go's order.
 * A scalar has no labels, which Go writes as null.
 */
export function encodeExternalValues({ items }: ExternalMetricValues): string {
  const time = timeWriter();
  const list = items.map(
    ({ metricName, metricLabels, timestampMs, value }) =>
      `{"metricName":${jsonString(metricName)},"metricLabels":${metricLabels ? jsonStringMap(metricLabels) : 'null'},` +
      `"timestamp":${time(timestampMs)},"value":"${value.toString()}"}`,
  );
  return (
    '{"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1",' +
    `"metadata":{},"items":[${list.join(',')}]}`
  );
}
