import { queryArgumentsValue } from '../../../../core/rules/query-arguments';
import { GoTemplate } from '../../../../core/rules/template';

/** What a query template sees for two pods. */
export const data = queryArgumentsValue({
  series: 'http_requests_total',
  labelMatchers: 'namespace="default",pod="a"',
  labelValuesByName: new Map([
    ['pod', 'a|b'],
    ['namespace', 'default'],
  ]),
  groupBy: ['pod', 'container'],
});

export function parse(source: string): GoTemplate {
  return GoTemplate.parse(source, 'metrics-query', 'rules[0].metricsQuery');
}

export function render(source: string): string {
  return parse(source).render(data);
}
