import { checkObjects, type Finding } from '../../../core/check';
import { chain, chainWithout, summary, type Edit } from './fixture';

const HPA = 'HorizontalPodAutoscaler shop/backend';
const RULES = 'ConfigMap monitoring/adapter-rules';
const ADAPTER = 'Deployment monitoring/adapter';
const BACKEND = 'Deployment shop/backend';

function edit(object: string, replace: string, by: string): Edit {
  return { object, replace, by };
}

function check(...edits: readonly Edit[]): readonly Finding[] {
  return checkObjects(chain(edits));
}

describe('the complete chain', () => {
  it('has no findings', () => {
    expect(checkObjects(chain())).toEqual([]);
  });
});

describe('one link broken', () => {
  const HUBBLE_MONITOR = 'ServiceMonitor monitoring/hubble';
  const POD_MONITOR = 'PodMonitor shop/backend';
  const PROMETHEUS = 'Prometheus monitoring/main';
  const unscraped = `error series-not-scraped ${RULES}`;

  it.each<readonly [what: string, edit: Edit, expected: readonly string[]]>([
    // autoscaler → API, rule
    [
      'a metric that no rule gives',
      edit(HPA, 'name: requests_per_second', 'name: request_per_second'),
      [`error metric-without-rule ${HPA}`],
    ],
    [
      'an External metric without an API',
      edit(
        HPA,
        'type: Pods\n      pods: { metric: { name: echo_per_second }, target',
        'type: External\n      external: { metric: { name: queue }, target',
      ),
      [`error metrics-api-missing ${HPA}`],
    ],
    [
      'an Object metric of an object that does not exist',
      edit(
        HPA,
        'type: Pods\n      pods: { metric: { name: echo_per_second }',
        'type: Object\n      object: { describedObject: { apiVersion: apps/v1, kind: Deployment, name: beckend }, metric: { name: requests_per_second }',
      ),
      [`error series-label-missing ${RULES}`, `error described-object-missing ${HPA}`],
    ],
    [
      'an Object metric of a node',
      edit(
        HPA,
        'type: Pods\n      pods: { metric: { name: echo_per_second }',
        'type: Object\n      object: { describedObject: { apiVersion: v1, kind: Node, name: n }, metric: { name: requests_per_second }',
      ),
      [`error series-label-missing ${RULES}`, `error described-object-cluster-scoped ${HPA}`],
    ],
    [
      'a resource metric without metrics-server',
      edit(
        HPA,
        'type: Pods\n      pods: { metric: { name: echo_per_second }, target: { type: AverageValue, averageValue: "10" } }',
        'type: Resource\n      resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }',
      ),
      [`warning resource-metrics-api-missing ${HPA}`],
    ],
    // rule → series
    [
      'a rule on a series that nothing exports',
      edit(RULES, 'seriesQuery: echo_requests_total', 'seriesQuery: echos_requests_total'),
      [unscraped],
    ],
    [
      'a series that the program does not export',
      edit(
        'ConfigMap kube-system/cilium-config',
        'httpV2:labelsContext=source_namespace,destination_namespace,destination_pod',
        'dns',
      ),
      ['error scrape-without-metrics ServiceMonitor monitoring/hubble', unscraped],
    ],
    [
      'a program that is not known',
      edit(BACKEND, 'plimsoll/backend', 'example.com/backend'),
      [`info unknown-program ${BACKEND}`, `info metric-not-verified ${HPA}`],
    ],
    [
      'a label of the rule that the series does not have',
      edit('ConfigMap kube-system/cilium-config', ',destination_pod', ',destination_workload'),
      [`error series-not-scraped ${RULES}`],
    ],
    [
      'a mapping of a label that the series does not have',
      edit(RULES, 'destination_pod: { resource: pod }', 'destination_pods: { resource: pod }'),
      [`error series-label-missing ${RULES}`],
    ],
    [
      'a mapping of the scraped pod where the series is about another',
      edit(RULES, 'destination_pod: { resource: pod }', 'pod: { resource: pod }'),
      [`error metric-of-other-pods ${RULES}`],
    ],
    // queries
    [
      'a window of less than two scrapes',
      edit(RULES, '[1m]', '[15s]'),
      [`error rate-window-too-short ${RULES}`],
    ],
    ['a window of two scrapes', edit(RULES, '[1m]', '[20s]'), [`warning rate-window-tight ${RULES}`]],
    [
      'a counter without a rate',
      edit(RULES, 'rate(<<.Series>>{<<.LabelMatchers>>}[40s])', '<<.Series>>{<<.LabelMatchers>>}'),
      [`warning counter-without-rate ${RULES}`],
    ],
    [
      'a rate of a gauge',
      edit(
        RULES,
        'seriesQuery: echo_requests_total{pod!=""}\n',
        'seriesQuery: up{pod!=""}\n        seriesFilters: []\n',
      ),
      [`error rate-of-gauge ${RULES}`],
    ],
    [
      'a query that is no PromQL',
      edit(
        RULES,
        'sum(rate(<<.Series>>{<<.LabelMatchers>>}[40s]))',
        'sum(rate(<<.Series>>{<<.LabelMatchers>>}))',
      ),
      [`error rule-query-invalid ${RULES}`],
    ],
    [
      'a query that nests too deeply to be read',
      edit(
        RULES,
        'sum(rate(<<.Series>>{<<.LabelMatchers>>}[40s]))',
        `${'('.repeat(5000)}<<.Series>>${')'.repeat(5000)}`,
      ),
      [`info rule-query-not-understood ${RULES}`],
    ],
    // series → scrape → monitor → Service → port
    [
      'a renamed port of the Service',
      edit('Service kube-system/hubble-metrics', 'name: hubble-metrics, port', 'name: metrics, port'),
      [`error monitor-port-unresolved ${HUBBLE_MONITOR}`, unscraped],
    ],
    [
      'a port of the PodMonitor that no container has',
      edit(POD_MONITOR, 'port: http', 'port: htpp'),
      [`error monitor-port-unresolved ${POD_MONITOR}`, unscraped],
    ],
    [
      'a Service without the label that the monitor selects',
      edit('Service kube-system/hubble-metrics', 'k8s-app: hubble }', 'k8s-app: huble }'),
      [`error monitor-selects-nothing ${HUBBLE_MONITOR}`, unscraped],
    ],
    [
      'a PodMonitor that selects no pod',
      edit(POD_MONITOR, 'app: backend', 'app: backends'),
      [`error monitor-selects-nothing ${POD_MONITOR}`, unscraped],
    ],
    [
      'a monitor without the label that Prometheus selects',
      edit(HUBBLE_MONITOR, 'team: shop', 'team: shops'),
      [`error monitor-not-selected ${HUBBLE_MONITOR}`, unscraped],
    ],
    [
      'a Prometheus that looks in its own namespace only',
      edit(PROMETHEUS, '  podMonitorNamespaceSelector: {}', ''),
      [`error monitor-not-selected ${POD_MONITOR}`, unscraped],
    ],
    [
      'a Service port that leads to no container port',
      edit('Service kube-system/hubble-metrics', 'targetPort: hubble-metrics', 'targetPort: hubble'),
      [
        `error service-port-unresolved Service kube-system/hubble-metrics`,
        `error monitor-port-unresolved ${HUBBLE_MONITOR}`,
        unscraped,
      ],
    ],
    // adapter
    [
      'a Service of the adapter that has another port',
      edit('Service monitoring/adapter', 'port: 443', 'port: 8443'),
      ['error api-service-unreachable APIService v1beta1.custom.metrics.k8s.io'],
    ],
    [
      'an APIService of another Service',
      edit('APIService v1beta1.custom.metrics.k8s.io', 'name: adapter', 'name: adaptor'),
      [
        'error api-service-unreachable APIService v1beta1.custom.metrics.k8s.io',
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    [
      'an address of Prometheus that does not exist',
      edit(ADAPTER, 'prometheus.monitoring.svc:9090', 'prometheus.monitoring.svc:9091'),
      [
        `error prometheus-unreachable ${ADAPTER}`,
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    [
      'an address of Prometheus that is no URL',
      edit(ADAPTER, 'http://prometheus.monitoring.svc:9090', 'prometheus.monitoring.svc:9090'),
      [
        `error adapter-misconfigured ${ADAPTER}`,
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    [
      'a Prometheus outside',
      edit(ADAPTER, 'http://prometheus.monitoring.svc:9090', 'https://example.com'),
      [
        `info adapter-not-understood ${ADAPTER}`,
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    [
      'an argument that the adapter does not know',
      edit(ADAPTER, '--metrics-relist-interval', '--relist-interval'),
      [
        `error adapter-misconfigured ${ADAPTER}`,
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    [
      'a key of the rules that the adapter does not know',
      edit(RULES, 'seriesQuery: echo', 'query: echo'),
      [
        `error adapter-misconfigured ${RULES}`,
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    [
      'a template that is not understood',
      edit(RULES, 'by (<<.GroupBy>>)', 'by (<<.GroupBy>><<if 1i>><<end>>)'),
      [
        `info adapter-not-understood ${RULES}`,
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    [
      'an adapter of another kind',
      edit(
        ADAPTER,
        'args:\n            - --config=/etc/adapter/config.yaml\n            - --prometheus-url=http://prometheus.monitoring.svc:9090/\n            - --metrics-relist-interval=1m\n',
        'args:\n',
      ),
      [
        `info adapter-not-understood ${ADAPTER}`,
        `info metric-not-verified ${HPA}`,
        `info metric-not-verified ${HPA}`,
      ],
    ],
    // autoscaler → target
    [
      'a target that does not exist',
      edit(HPA, 'kind: Deployment, name: backend', 'kind: Deployment, name: backends'),
      [`error autoscaler-target-missing ${HPA}`],
    ],
    [
      'a target that sets its replicas',
      edit(BACKEND, 'spec:\n  selector', 'spec:\n  replicas: 2\n  selector'),
      [`warning replicas-owned-twice ${BACKEND}`],
    ],
    [
      'more least than most replicas',
      edit(HPA, 'minReplicas: 1', 'minReplicas: 11'),
      [`error invalid-autoscaler ${HPA}`],
    ],
    ['an unknown field', edit(HPA, 'minReplicas: 1', 'minimum: 1'), [`error invalid-autoscaler ${HPA}`]],
    [
      'an autoscaler that says of no kind what it scales',
      edit(HPA, 'kind: Deployment, ', ''),
      [`error invalid-autoscaler ${HPA}`],
    ],
    [
      'a metric of an unknown type',
      edit(HPA, 'averageValue: "10" } }\n    - type: Pods', 'averageValue: "10" } }\n    - type: Podz'),
      [`error invalid-autoscaler ${HPA}`],
    ],
    [
      'an older version of autoscaler',
      edit(HPA, 'apiVersion: autoscaling/v2', 'apiVersion: autoscaling/v1'),
      [`info autoscaler-not-read ${HPA}`],
    ],
    // load
    [
      'load on a Service that does not exist',
      edit('ConfigMap shop/load-targets', 'backend.shop.svc', 'backends.shop.svc'),
      ['error call-target-missing Deployment shop/load'],
    ],
    [
      'load on a port that the Service does not have',
      edit('ConfigMap shop/load-targets', ':80/', ':8080/'),
      ['error call-target-missing Deployment shop/load'],
    ],
  ])('reports %s', (_what, broken, expected) => {
    expect(summary(check(broken)).sort()).toEqual([...expected].sort());
  });
});

describe('a series that a PrometheusRule records', () => {
  it('is not verified instead of missing', () => {
    const recording = `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: recorded, namespace: shop }
spec: { groups: [{ name: a, rules: [{ record: recorded_total, expr: "sum(a)" }, { alert: A, expr: "b" }] }] }`;
    const wanted = edit(RULES, 'seriesQuery: echo_requests_total', 'seriesQuery: recorded_total');
    expect(summary(checkObjects(chain([wanted])))).toEqual([`error series-not-scraped ${RULES}`]);
    expect(summary(checkObjects(chain([wanted], recording)))).toEqual([`info metric-not-verified ${HPA}`]);
  });
});

describe('messages', () => {
  it('name the object, what is wrong and what to change, with the closest name', () => {
    const [finding] = check(edit(HPA, 'name: requests_per_second', 'name: request_per_second'));
    expect(finding?.message).toBe(
      'no rule in ConfigMap monitoring/adapter-rules gives metric "request_per_second"; did you mean "requests_per_second"?',
    );
    expect(finding?.fix).toContain('or set the metric to one of requests_per_second, echo_per_second');
  });

  it('say who exports a series that is not scraped', () => {
    const findings = checkObjects(chainWithout('PodMonitor shop/backend'));
    expect(summary(findings)).toEqual([`error series-not-scraped ${RULES}`]);
    expect(findings[0]?.message).toContain(
      'makes "echo_per_second" of echo_requests_total, but Prometheus monitoring/main does not get it from Deployment shop/backend',
    );
  });

  it('say which pods a label is about instead', () => {
    const [finding] = check(edit(RULES, 'destination_pod: { resource: pod }', 'pod: { resource: pod }'));
    expect(finding?.message).toContain(
      'one of DaemonSet kube-system/cilium and not of Deployment shop/backend',
    );
  });
});
