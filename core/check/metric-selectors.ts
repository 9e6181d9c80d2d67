import { parseExpr, selectorsOf, type Matcher } from '../promql';
import { isRootScoped, type CompiledRule } from '../rules';
import { Selector } from '../kube/selector';
import { didYouMean } from '../did-you-mean';
import type { Check } from './check';
import { canMatch } from './exported-series';
import type { MetricRequest } from './metric-links';

export const metricSelectorUnmet: Check = {
  id: 'metric-selector-unmet',
  title: 'The selector of a metric selects some of the series behind it',
  severity: 'error',
  *run({ metrics }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'served') continue;
      const { rule, series } = source;
      const [first] = series;
      const unmet =
        first &&
        selectorMatchers(rule, first.name, request).find(
          (matcher) => !series.some(({ labels }) => canMatch(matcher, labels)),
        );
      if (!unmet) continue;
      const { label, operator, value } = unmet;
      const values = [...new Set(series.flatMap(({ labels }) => labels[label] ?? []))];
      const known = Object.keys(first.labels).filter((name) => name !== '__name__');
      yield {
        object: request.autoscaler.ref,
        message:
          `metric.selector of "${request.metric}" wants ${first.name} with ${label}${operator}"${value}", and no series that is scraped is so: ` +
          (values.length > 0
            ? `their ${label} is ${values.join(' or ')}`
            : `they have the labels ${known.join(', ')}${didYouMean(label, known)}`),
        fix: `correct or remove ${label} in metric.selector of "${request.metric}"`,
      };
    }
  },
};

/** What the selector of a metric becomes in the query; nothing if the rule leaves it out of its query. */
function selectorMatchers(rule: CompiledRule, series: string, request: MetricRequest): readonly Matcher[] {
  const keys = Selector.from(request.selector).requirements.map(({ key }) => key);
  if (keys.length === 0) return [];
  try {
    return selectorsOf(parseExpr(queryFor(rule, series, request)))
      .filter(({ name }) => name === series)
      .flatMap(({ matchers }) => matchers)
      .filter(({ label }) => keys.includes(label));
  } catch {
    // A query that cannot be built or read is a finding of its own.
    return [];
  }
}

function queryFor(
  rule: CompiledRule,
  series: string,
  { autoscaler, resource, selector }: MetricRequest,
): string {
  const { namespace } = autoscaler;
  const wanted = Selector.from(selector);
  if (!resource) return rule.queryForExternal(series, { namespace, selector: wanted });
  return rule.queryForObjects(series, {
    resource,
    namespace: isRootScoped(resource) ? undefined : namespace,
    names: ['name'],
    metricSelector: wanted,
  });
}
