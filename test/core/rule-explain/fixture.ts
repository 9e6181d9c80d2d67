import { Registry } from '../../../core/adapter';
import { ApiResources } from '../../../core/kube/api-resources';
import {
  discover,
  type Explanation,
  explainRequest,
  parseTarget,
  readSeries,
  requestFor,
  runAsking,
  storeReplies,
} from '../../../core/rule-explain';
import { parseAdapterConfig } from '../../../core/rules';

export const CONFIG = `
rules:
- seriesQuery: hits_total{namespace!="",pod!=""}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  seriesFilters: [{isNot: ^go_}]
  name: {matches: ^(.*)_total$, as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
- seriesQuery: '{__name__=~"size|go_size",pod!=""}'
  seriesFilters: [{isNot: ^go_}]
  resources: {template: <<.Resource>>}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
- seriesQuery: node_load{node!=""}
  resources: {overrides: {node: {resource: node}}}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
externalRules:
- seriesQuery: queue{name!=""}
  resources: {namespaced: false}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
- seriesQuery: waiting
  metricsQuery: sum(waiting{<<.LabelMatchers>>})
`;

const SERIES = `
hits_total{namespace="shop",pod="web-1"} 0+60x10
hits_total{namespace="shop",pod="web-2"} 0+120x10
misses_total{namespace="shop"} 0+60x10
size{namespace="shop",pod="web-1",part="a"} 1x10
size{namespace="shop",pod="web-1",part="b"} 2x10
size{namespace="shop",pod="web-3"} 1x9 NaN
size{namespace="shop",pod="web-4"} 1x9 Inf
go_size{namespace="shop",pod="web-1"} 1x10
node_load{node="n1"} 3x10
queue{name="orders"} 5x10
queue{name="mails"} 7500x10
waiting 1x10
`;

/** A registry of rules, and what is known of series, a minute between their values. */
export function listed(config = CONFIG, series = SERIES, atMs = 600_000) {
  const { store } = readSeries([{ text: series, where: 'series' }], { intervalMs: 60_000, targetLabels: {} });
  const empty = Registry.create(parseAdapterConfig(config, 'config'), ApiResources.builtin());
  const reply = storeReplies(store, atMs);
  return { registry: runAsking(discover(empty), reply), reply, atMs };
}

export function explain(
  metric: string,
  target: string,
  { selector, ...world }: { selector?: string; config?: string; series?: string; atMs?: number } = {},
): Explanation {
  const { registry, reply, atMs } = listed(world.config, world.series, world.atMs);
  const request = requestFor(registry, metric, parseTarget(target), selector);
  return runAsking(explainRequest(registry, request, atMs), reply);
}
