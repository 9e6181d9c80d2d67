import {
  AdapterMonitoring,
  adapterDashboard,
  MetricsAdapterHandle,
  PrometheusHandle,
} from '../../constructs';
import { adapterAlerts } from '../../constructs/adapter-alerts';
import { prepare, SeriesStore } from '../../core/promql';
import { inventory, only } from './render';

const MINUTE = 60_000;
const JOB = 'adapter';

const adapter = new MetricsAdapterHandle('metrics', JOB);
const prometheus = new PrometheusHandle('monitoring', 'main', { prometheus: 'main' });
const objects = inventory(
  (chart) =>
    new AdapterMonitoring(chart, 'm', { adapter, prometheus, interval: '10s', relistInterval: '1m' }),
);
const alerts = adapterAlerts({ job: JOB, relistInterval: '1m' });

/** A series of the adapter by its text, and its value at a minute of the hour that is looked at. */
type Samples = Readonly<Record<string, number | ((minute: number) => number)>>;

/** Names of the alerts whose expression yields something after an hour. */
function firing(samples: Samples): readonly string[] {
  const store = new SeriesStore();
  for (const [text, value] of Object.entries(samples)) {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(text) ?? [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(
      ([, label = '', is = '']): [string, string] => [label, is],
    );
    const series = store.series({ __name__: name, job: JOB, ...Object.fromEntries(pairs) });
    for (let minute = 0; minute <= 60; minute += 1) {
      series.append(minute * MINUTE, typeof value === 'number' ? value : value(minute));
    }
  }
  return alerts
    .filter(({ expr }) => {
      const result = prepare(expr).evaluate(store, 60 * MINUTE);
      return result.type === 'vector' && result.samples.length > 0;
    })
    .map(({ name }) => name);
}

const REQUESTS = 'plimsoll_adapter_requests_total{group="custom.metrics.k8s.io"';
const BUCKET = 'plimsoll_adapter_request_duration_seconds_bucket{group="custom.metrics.k8s.io"';
const WELL: Samples = {
  'up{pod="a"}': 1,
  [`${REQUESTS},code="200"}`]: (minute) => minute * 600,
  [`${REQUESTS},code="503"}`]: 3,
  [`${BUCKET},le="0.1"}`]: (minute) => minute * 600,
  [`${BUCKET},le="5"}`]: (minute) => minute * 600,
  [`${BUCKET},le="+Inf"}`]: (minute) => minute * 600,
  'plimsoll_adapter_certificate_expiry_timestamp_seconds{certificate="serving"}': 90 * 86_400,
  'plimsoll_adapter_source_up{source="main"}': 1,
  'plimsoll_adapter_discovered_metrics{group="custom.metrics.k8s.io"}': 12,
  'plimsoll_adapter_discovery_age_seconds{source="main"}': 40,
  'plimsoll_adapter_discovery_errors_total{source="main",rule="rules[0]"}': 2,
  'plimsoll_adapter_rule_up{rule="rules[0]"}': 1,
  'plimsoll_adapter_rule_errors_total{rule="rules[0]",reason="query"}': 2,
  'plimsoll_adapter_rule_errors_total{rule="rules[0]",reason="source"}': 2,
  plimsoll_adapter_config_last_reload_successful: 1,
};

describe('alerts on the adapter', () => {
  it('are silent while all is well', () => {
    expect(firing(WELL)).toEqual([]);
  });

  const cases: readonly (readonly [string, Samples])[] = [
    ['PlimsollAdapterDown', { 'up{pod="a"}': 0 }],
    ['PlimsollAdapterErrors', { [`${REQUESTS},code="503"}`]: (minute) => minute * 60 }],
    ['PlimsollAdapterSlow', { [`${BUCKET},le="0.1"}`]: (minute) => minute * 500 }],
    [
      'PlimsollAdapterCertificateExpires',
      { 'plimsoll_adapter_certificate_expiry_timestamp_seconds{certificate="serving"}': 6 * 86_400 },
    ],
    ['PlimsollAdapterSourceDown', { 'plimsoll_adapter_source_up{source="main"}': 0 }],
    ['PlimsollAdapterNoMetrics', { 'plimsoll_adapter_discovered_metrics{group="custom.metrics.k8s.io"}': 0 }],
    ['PlimsollAdapterDiscoveryStale', { 'plimsoll_adapter_discovery_age_seconds{source="main"}': 301 }],
    [
      'PlimsollAdapterDiscoveryErrors',
      {
        'plimsoll_adapter_discovery_errors_total{source="main",rule="rules[0]"}': (minute) =>
          Math.floor(minute / 10),
      },
    ],
    [
      'PlimsollAdapterRuleErrors',
      { 'plimsoll_adapter_rule_errors_total{rule="rules[0]",reason="query"}': (minute) => minute },
    ],
    ['PlimsollAdapterRuleBroken', { 'plimsoll_adapter_rule_up{rule="rules[0]"}': 0 }],
    ['PlimsollAdapterReloadFailed', { plimsoll_adapter_config_last_reload_successful: 0 }],
  ];
  it.each(cases)('%s fires for its own reason alone', (name, changed) => {
    expect(firing({ ...WELL, ...changed })).toEqual([name]);
  });

  it.each<[string, Samples]>([
    ['PlimsollAdapterSourceDown', { 'plimsoll_adapter_source_up{source="main",pod="b"}': 0 }],
    [
      'PlimsollAdapterNoMetrics',
      { 'plimsoll_adapter_discovered_metrics{group="custom.metrics.k8s.io",pod="b"}': 0 },
    ],
    [
      'PlimsollAdapterDiscoveryStale',
      { 'plimsoll_adapter_discovery_age_seconds{source="main",pod="b"}': 301 },
    ],
    ['PlimsollAdapterRuleBroken', { 'plimsoll_adapter_rule_up{rule="rules[0]",pod="b"}': 0 }],
    ['PlimsollAdapterReloadFailed', { 'plimsoll_adapter_config_last_reload_successful{pod="b"}': 0 }],
  ])('%s fires for one replica of two', (name, second) => {
    expect(firing({ ...WELL, ...second })).toEqual([name]);
  });

  it('says nothing of requests by a rule whose source is down: that is another alert', () => {
    const source = 'plimsoll_adapter_rule_errors_total{rule="rules[0]",reason="source"}';
    expect(firing({ ...WELL, [source]: (minute) => minute })).toEqual([]);
  });

  it('fires when nothing is scraped at all', () => {
    expect(firing({ 'other{x="y"}': 1 })).toEqual(['PlimsollAdapterDown']);
  });

  it('each have such a case, and a place in the runbook', () => {
    expect(alerts.map(({ name }) => name).sort()).toEqual(cases.map(([name]) => name).sort());
    for (const { name, runbook } of alerts) expect(runbook).toBe(`docs/adapter.md#${name.toLowerCase()}`);
  });
});

describe('the monitor of the adapter', () => {
  it('verifies who it shows its token to', () => {
    const { endpoints } = only(objects.serviceMonitors).spec;
    expect(endpoints).toEqual([
      {
        port: 'https',
        path: '/metrics',
        interval: '10s',
        scheme: 'https',
        bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
        tlsConfig: {
          ca: { configMap: { name: 'adapter-ca', key: 'ca.crt' } },
          serverName: 'adapter.metrics.svc',
        },
      },
    ]);
  });

  it('gets the authority from the adapter, which may write it there and nothing else', () => {
    const { metadata, data } = only(objects.configMaps);
    expect([metadata.namespace, metadata.name, data]).toEqual(['monitoring', 'adapter-ca', undefined]);
    const { rules } = only(objects.roles);
    expect(rules).toEqual([
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['adapter-ca'],
        verbs: ['get', 'list', 'watch', 'patch'],
      },
    ]);
    expect(only(objects.roleBindings).subjects).toEqual([
      { kind: 'ServiceAccount', name: 'adapter', namespace: 'metrics' },
    ]);
  });

  it('may read metrics, by a role of the Prometheus alone', () => {
    expect(only(objects.clusterRoles).rules).toEqual([{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]);
    expect(only(objects.clusterRoleBindings).subjects).toEqual([
      { kind: 'ServiceAccount', name: 'prometheus-main', namespace: 'monitoring' },
    ]);
  });
});

describe('the dashboard of the adapter', () => {
  it('asks what Prometheus can answer', () => {
    const queries = adapterDashboard({ job: JOB, refresh: '10s' })
      .rows.flat()
      .flatMap((panel) => panel.queries);
    expect(queries.length).toBeGreaterThan(12);
    for (const { expr } of queries) expect(() => prepare(expr)).not.toThrow();
  });
});
