/** The rules that upstream generates with `--label-prefix=kube_ --rate-interval=1m`. */
export const defaultRules = `
rules:
- seriesQuery: &container '{__name__=~"^container_.*",container!="POD",namespace!="",pod!=""}'
  resources: &pod {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  name: {matches: ^container_(.*)_seconds_total$}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>,container!="POD"}[1m])) by (<<.GroupBy>>)
- seriesQuery: *container
  seriesFilters: [{isNot: ^container_.*_seconds_total$}]
  resources: *pod
  name: {matches: ^container_(.*)_total$}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>,container!="POD"}[1m])) by (<<.GroupBy>>)
- seriesQuery: *container
  seriesFilters: [{isNot: ^container_.*_total$}]
  resources: *pod
  name: {matches: ^container_(.*)$}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>,container!="POD"}) by (<<.GroupBy>>)
- seriesQuery: &namespaced '{kube_namespace!="",__name__!~"^container_.*"}'
  seriesFilters: [{isNot: .*_total$}]
  resources: {template: kube_<<.Resource>>}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
- seriesQuery: *namespaced
  seriesFilters: [{isNot: .*_seconds_total}]
  resources: {template: kube_<<.Resource>>}
  name: {matches: ^(.*)_total$}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)
- seriesQuery: *namespaced
  resources: {template: kube_<<.Resource>>}
  name: {matches: ^(.*)_seconds_total$}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)
`;

export const containerSelector = '{__name__=~"^container_.*",container!="POD",namespace!="",pod!=""}';
export const namespacedSelector = '{kube_namespace!="",__name__!~"^container_.*"}';

const container = { pod: 'somepod', namespace: 'somens', container: 'somecont' };
const ingress = { kube_ingress: 'someingress', kube_service: 'somesvc', kube_namespace: 'somens' };

/** What Prometheus lists for them in upstream's tests. */
export const listed = new Map([
  [
    containerSelector,
    [
      { __name__: 'container_some_time_seconds_total', ...container },
      { __name__: 'container_some_count_total', ...container },
      { __name__: 'container_some_usage', ...container },
    ],
  ],
  [
    namespacedSelector,
    [
      { __name__: 'node_gigawatts', kube_node: 'somenode' },
      { __name__: 'service_proxy_packets', kube_service: 'somesvc', kube_namespace: 'somens' },
      { __name__: 'ingress_hits_total', ...ingress, kube_pod: 'backend1' },
      { __name__: 'ingress_hits_total', ...ingress, kube_pod: 'backend2' },
      { __name__: 'volume_claims_total', kube_persistentvolume: 'somepv' },
      { __name__: 'work_queue_wait_seconds_total', kube_deployment: 'somedep', kube_namespace: 'somens' },
      { __name__: 'node_fan_seconds_total', kube_node: 'somenode' },
    ],
  ],
]);
