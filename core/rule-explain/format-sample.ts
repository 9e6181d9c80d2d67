import { type Labels } from '../kube/selector';

/** Labels as PromQL writes them: `http_requests_total{pod="web-1"}`, `{}`. */
export function formatSample(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return name !== '' && pairs.length === 0 ? name : `${name}{${pairs.join(', ')}}`;
}
