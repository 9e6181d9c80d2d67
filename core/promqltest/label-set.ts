import { type Labels } from '../kube/selector';
import { canonicalLabels, METRIC_NAME } from '../promql/labels';

/** Labels as a series is written: `up{job="api"}`, `{"some.name", job="api"}`, `{}`. */
export function seriesText(labels: Labels): string {
  const { [METRIC_NAME]: name = '', ...others } = canonicalLabels(labels);
  const plain = name === '' || /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
  const conditions = Object.entries(others).map(
    ([label, value]) =>
      `${/^[a-zA-Z_]\w*$/.test(label) ? label : JSON.stringify(label)}=${JSON.stringify(value)}`,
  );
  const inside = plain ? conditions : [JSON.stringify(name), ...conditions];
  return inside.length === 0 && name !== '' ? name : `${plain ? name : ''}{${inside.join(', ')}}`;
}
