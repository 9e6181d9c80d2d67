import { parse } from 'yaml';
import { scrapeJobs } from '../../../core/operator';
import { jobOf, object, podMonitor, prometheus, readAll, SELECTS_ALL, serviceMonitor } from './objects';

/** Rules as the operator's own test data has them, with the shard in the place of `$(SHARD)`. */
function golden(yaml: string): unknown {
  return parse(yaml.replaceAll('source_labels', 'sourceLabels').replaceAll('target_label', 'targetLabel'));
}

/** Begins with what the operator adds by its feature gate PrometheusShardRetentionPolicy, which is on by default. */
const SHARDING = `
- {target_label: __tmp_current_shard, replacement: '0', action: replace}
- {source_labels: [__tmp_current_shard], regex: '0', action: keep}
- {source_labels: [__address__, __tmp_hash], target_label: __tmp_hash, regex: '(.+);', replacement: $1, action: replace}
- {source_labels: [__tmp_hash], target_label: __tmp_hash, modulus: 1, action: hashmod}
- {source_labels: [__tmp_hash, __tmp_disable_sharding], regex: '0;|.+;.+', action: keep}
`;

/** TestServiceMonitorWithEndpointSliceEnable_Expected.golden of the operator. */
const SERVICE_MONITOR_GOLDEN = `
- {source_labels: [job], target_label: __tmp_prometheus_job_name}
- {action: keep, source_labels: [__meta_kubernetes_service_label_foo, __meta_kubernetes_service_labelpresent_foo], regex: (bar);true}
- {action: keep, source_labels: [__meta_kubernetes_service_label_alpha, __meta_kubernetes_service_labelpresent_alpha], regex: (beta|gamma);true}
- {action: keep, source_labels: [__meta_kubernetes_endpointslice_port_name], regex: web}
- {source_labels: [__meta_kubernetes_endpointslice_address_target_kind, __meta_kubernetes_endpointslice_address_target_name], separator: ;, regex: Node;(.*), replacement: '\${1}', target_label: node}
- {source_labels: [__meta_kubernetes_endpointslice_address_target_kind, __meta_kubernetes_endpointslice_address_target_name], separator: ;, regex: Pod;(.*), replacement: '\${1}', target_label: pod}
- {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
- {source_labels: [__meta_kubernetes_service_name], target_label: service}
- {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
- {source_labels: [__meta_kubernetes_pod_container_name], target_label: container}
- {action: drop, source_labels: [__meta_kubernetes_pod_phase], regex: (Failed|Succeeded)}
- {source_labels: [__meta_kubernetes_service_name], target_label: job, replacement: '\${1}'}
- {target_label: endpoint, replacement: web}
${SHARDING}`;

/** PodTargetLabelsFromPodMonitorAndGlobal.golden of the operator. */
const POD_MONITOR_GOLDEN = `
- {source_labels: [job], target_label: __tmp_prometheus_job_name}
- {action: drop, source_labels: [__meta_kubernetes_pod_phase], regex: (Failed|Succeeded)}
- {action: keep, source_labels: [__meta_kubernetes_pod_container_port_name], regex: web}
- {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
- {source_labels: [__meta_kubernetes_pod_container_name], target_label: container}
- {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
- {source_labels: [__meta_kubernetes_pod_label_local], target_label: local, regex: (.+), replacement: '\${1}'}
- {source_labels: [__meta_kubernetes_pod_label_global], target_label: global, regex: (.+), replacement: '\${1}'}
- {target_label: job, replacement: default/testpodmonitor1}
- {target_label: endpoint, replacement: web}
${SHARDING}`;

const SLICE_MONITOR = serviceMonitor(
  { name: 'test', namespace: 'default' },
  {
    selector: {
      matchLabels: { foo: 'bar' },
      matchExpressions: [{ key: 'alpha', operator: 'In', values: ['beta', 'gamma'] }],
    },
    endpoints: [{ port: 'web', interval: '30s' }],
  },
);

function endpointJob(
  endpoint: Record<string, unknown>,
  spec: Record<string, unknown> = {},
  monitorSpec: Record<string, unknown> = {},
) {
  return jobOf(
    serviceMonitor(
      { name: 'web', namespace: 'app' },
      { selector: {}, ...monitorSpec, endpoints: [endpoint] },
    ),
    spec,
  );
}

function podJob(endpoint: Record<string, unknown>) {
  return jobOf(
    podMonitor({ name: 'web', namespace: 'app' }, { selector: {}, podMetricsEndpoints: [endpoint] }),
  );
}

describe('the rules of a monitor', () => {
  it("are the operator's for a ServiceMonitor with EndpointSlices", () => {
    expect(jobOf(SLICE_MONITOR, { serviceDiscoveryRole: 'EndpointSlice' }).relabelConfigs).toEqual(
      golden(SERVICE_MONITOR_GOLDEN),
    );
  });

  it("are the operator's for a ServiceMonitor with Endpoints", () => {
    const expected = golden(SERVICE_MONITOR_GOLDEN.replaceAll('_endpointslice_', '_endpoint_'));
    expect(jobOf(SLICE_MONITOR).relabelConfigs).toEqual(expected);
  });

  it("are the operator's for a PodMonitor with target labels of its own and of the Prometheus", () => {
    const monitor = podMonitor(
      { name: 'testpodmonitor1', namespace: 'default' },
      { selector: {}, podTargetLabels: ['local'], podMetricsEndpoints: [{ port: 'web', interval: '30s' }] },
    );
    expect(jobOf(monitor, { podTargetLabels: ['global'] }).relabelConfigs).toEqual(
      golden(POD_MONITOR_GOLDEN),
    );
  });

  it('turn every operator of a selector into keep or drop', () => {
    const matchExpressions = [
      { key: 'a/b', operator: 'NotIn', values: ['x', 'y'] },
      { key: 'c', operator: 'Exists' },
      { key: 'd', operator: 'DoesNotExist' },
    ];
    const { relabelConfigs } = endpointJob({ port: 'http' }, {}, { selector: { matchExpressions } });
    expect(relabelConfigs.slice(1, 4)).toEqual([
      {
        action: 'drop',
        sourceLabels: ['__meta_kubernetes_service_label_a_b', '__meta_kubernetes_service_labelpresent_a_b'],
        regex: '(x|y);true',
      },
      { action: 'keep', sourceLabels: ['__meta_kubernetes_service_labelpresent_c'], regex: 'true' },
      { action: 'drop', sourceLabels: ['__meta_kubernetes_service_labelpresent_d'], regex: 'true' },
    ]);
  });

  it.each([
    ['a name', 'metrics', 'name'],
    ['a number', 9090, 'number'],
  ])('keep the container port for a targetPort that is %s', (_, targetPort, by) => {
    const { relabelConfigs } = endpointJob({ targetPort });
    expect(relabelConfigs).toContainEqual({
      action: 'keep',
      sourceLabels: [`__meta_kubernetes_pod_container_port_${by}`],
      regex: String(targetPort),
    });
    expect(relabelConfigs).toContainEqual({ targetLabel: 'endpoint', replacement: String(targetPort) });
  });

  it('prefer port to portNumber, and give portNumber no endpoint label', () => {
    const byNumber = podJob({ portNumber: 9090 }).relabelConfigs;
    expect(byNumber).toContainEqual({
      action: 'keep',
      sourceLabels: ['__meta_kubernetes_pod_container_port_number'],
      regex: '9090',
    });
    expect(byNumber.some(({ targetLabel }) => targetLabel === 'endpoint')).toBe(false);
    expect(podJob({ port: 'http', portNumber: 9090 }).relabelConfigs).not.toContainEqual(
      expect.objectContaining({ regex: '9090' }),
    );
  });

  it('put target labels and the job label before the rules of the user, and the enforced namespace after them', () => {
    const user = { targetLabel: 'a', replacement: 'b' };
    const { relabelConfigs, metricRelabelConfigs } = endpointJob(
      { port: 'http', relabelings: [user], metricRelabelings: [user] },
      { enforcedNamespaceLabel: 'tenant' },
      { targetLabels: ['app.kubernetes.io/name'], jobLabel: 'app' },
    );
    const written = relabelConfigs.map(({ targetLabel }) => targetLabel);
    expect(written.slice(-11)).toEqual([
      'app_kubernetes_io_name',
      'job',
      'job',
      'endpoint',
      'a',
      'tenant',
      '__tmp_current_shard',
      undefined,
      '__tmp_hash',
      '__tmp_hash',
      undefined,
    ]);
    expect(metricRelabelConfigs).toEqual([user, { targetLabel: 'tenant', replacement: 'app' }]);
  });

  it('enforce no namespace on what is excluded', () => {
    const excludedFromEnforcement = [{ resource: 'servicemonitors', namespace: 'app' }];
    const { metricRelabelConfigs } = endpointJob(
      { port: 'http' },
      { enforcedNamespaceLabel: 'tenant', excludedFromEnforcement },
    );
    expect(metricRelabelConfigs).toEqual([]);
  });

  it.each([
    ['its name', { name: 'web' }, []],
    ['another name', { name: 'other' }, ['tenant']],
    ['another namespace', { namespace: 'other' }, ['tenant']],
    ['another kind', { resource: 'podmonitors' }, ['tenant']],
    ['another group', { group: 'example.com' }, ['tenant']],
  ])('enforce a namespace unless the monitor is excluded: by %s', (_, fields, expected) => {
    const excludedFromEnforcement = [{ resource: 'servicemonitors', namespace: 'app', ...fields }];
    const { metricRelabelConfigs } = endpointJob(
      { port: 'http' },
      { enforcedNamespaceLabel: 'tenant', excludedFromEnforcement },
    );
    expect(metricRelabelConfigs.map(({ targetLabel }) => targetLabel)).toEqual(expected);
  });

  it('begin those of the user with those of the scrape class', () => {
    const own = { targetLabel: 'own', replacement: 'x' };
    const classes = [
      { name: 'other', relabelings: [{ targetLabel: 'other', replacement: 'x' }] },
      { name: 'usual', default: true, relabelings: [{ targetLabel: 'usual', replacement: 'x' }] },
    ];
    const targets = (monitorSpec: Record<string, unknown>) =>
      endpointJob({ relabelings: [own] }, { scrapeClasses: classes }, monitorSpec)
        .relabelConfigs.map(({ targetLabel }) => targetLabel)
        .slice(-7, -5);
    expect(targets({})).toEqual(['usual', 'own']);
    expect(targets({ scrapeClass: 'other' })).toEqual(['other', 'own']);
  });

  it('leave selection to the API server with the role selector', () => {
    const job = endpointJob(
      {},
      {},
      { selector: { matchLabels: { app: 'web' } }, selectorMechanism: 'RoleSelector' },
    );
    expect(job.selector?.toString()).toBe('app=web');
    expect(job.relabelConfigs).not.toContainEqual(
      expect.objectContaining({ action: 'keep', regex: '(web);true' }),
    );
  });

  it('ask for the shard that is meant', () => {
    const { inventory, owner } = readAll(SLICE_MONITOR, prometheus({ ...SELECTS_ALL, shards: 3 }));
    const [job] = scrapeJobs(owner, inventory, 2);
    expect(job?.relabelConfigs).toContainEqual({
      sourceLabels: ['__tmp_current_shard'],
      regex: '0|1|2',
      action: 'keep',
    });
    expect(job?.relabelConfigs.slice(-2)).toEqual([
      { sourceLabels: ['__tmp_hash'], targetLabel: '__tmp_hash', modulus: 3, action: 'hashmod' },
      { sourceLabels: ['__tmp_hash', '__tmp_disable_sharding'], regex: '2;|.+;.+', action: 'keep' },
    ]);
  });
});

describe('scrapeJobs', () => {
  it("uses the CRD's and Prometheus' defaults", () => {
    expect(endpointJob({})).toMatchObject({
      name: 'serviceMonitor/app/web/0',
      source: { kind: 'ServiceMonitor', namespace: 'app', name: 'web' },
      endpointIndex: 0,
      role: 'endpoints',
      namespaces: ['app'],
      interval: 30_000,
      timeout: 10_000,
      path: '/metrics',
      scheme: 'http',
      params: {},
      honorLabels: false,
      attachNode: false,
    });
  });

  it('takes everything that an endpoint sets', () => {
    const endpoint = {
      interval: '5s',
      scrapeTimeout: '4s',
      path: '/p',
      scheme: 'HTTPS',
      params: { a: ['b'] },
      honorLabels: true,
    };
    const expected = {
      interval: 5000,
      timeout: 4000,
      path: '/p',
      scheme: 'https',
      params: { a: ['b'] },
      honorLabels: true,
    };
    expect(endpointJob(endpoint)).toMatchObject(expected);
  });

  it.each([
    ["the Prometheus' own", { scrapeInterval: '1m', scrapeTimeout: '20s' }, {}, [60_000, 20_000]],
    ['a timeout as long as a short interval', { scrapeInterval: '5s' }, {}, [5000, 5000]],
    [
      "Prometheus' own where both are zero",
      { scrapeInterval: '0s' },
      { scrapeTimeout: '0s' },
      [60_000, 10_000],
    ],
    ["the Prometheus' own in place of zero", { scrapeInterval: '20s' }, { interval: '0s' }, [20_000, 10_000]],
    [
      "a timeout as long as the endpoint's short interval",
      { scrapeInterval: '1m', scrapeTimeout: '20s' },
      { interval: '15s' },
      [15_000, 15_000],
    ],
  ])('uses %s', (_, spec, endpoint, timing) => {
    const { interval, timeout } = endpointJob(endpoint, spec);
    expect([interval, timeout]).toEqual(timing);
  });

  it('honours no labels where the Prometheus overrides that', () => {
    expect(endpointJob({ honorLabels: true }, { overrideHonorLabels: true }).honorLabels).toBe(false);
  });

  it.each([
    [{ any: true }, {}, 'all'],
    [{ matchNames: ['x', 'y'] }, {}, ['x', 'y']],
    [{ matchNames: [] }, {}, ['app']],
    [{ any: true }, { ignoreNamespaceSelectors: true }, ['app']],
  ])('searches the namespaces of %j (%j)', (namespaceSelector, spec, namespaces) => {
    expect(endpointJob({}, spec, { namespaceSelector }).namespaces).toEqual(namespaces);
  });

  it("prefers the monitor's discovery role to that of the Prometheus", () => {
    const spec = { serviceDiscoveryRole: 'EndpointSlice' };
    expect(endpointJob({}, spec).role).toBe('endpointslice');
    expect(endpointJob({}, spec, { serviceDiscoveryRole: 'Endpoints' }).role).toBe('endpoints');
  });

  it('orders ServiceMonitors before PodMonitors, each by namespace and name', () => {
    const endpoints = { selector: {}, endpoints: [{ port: 'a' }, { port: 'b' }] };
    const { inventory, owner } = readAll(
      podMonitor({ name: 'a', namespace: 'a' }, { selector: {}, podMetricsEndpoints: [{ port: 'a' }] }),
      serviceMonitor({ name: 'z', namespace: 'b' }, endpoints),
      serviceMonitor({ name: 'a', namespace: 'c' }, { selector: {}, endpoints: [{ port: 'a' }] }),
      prometheus(SELECTS_ALL),
    );
    expect(scrapeJobs(owner, inventory).map(({ name }) => name)).toEqual([
      'serviceMonitor/b/z/0',
      'serviceMonitor/b/z/1',
      'serviceMonitor/c/a/0',
      'podMonitor/a/a/0',
    ]);
  });

  it('leaves out what is not selected', () => {
    const { inventory, owner } = readAll(SLICE_MONITOR, prometheus({}));
    expect(scrapeJobs(owner, inventory)).toEqual([]);
  });

  it('names what it does not support, if the Prometheus uses it', () => {
    const probe = object('monitoring.coreos.com/v1', 'Probe', { name: 'p', namespace: 'monitoring' }, {});
    const jobs = (spec: Record<string, unknown>) => () => {
      const { inventory, owner } = readAll(probe, prometheus(spec));
      return scrapeJobs(owner, inventory);
    };
    expect(jobs({})).not.toThrow();
    expect(jobs({ probeSelector: {} })).toThrow(
      'not supported: Probe monitoring/p, which Prometheus monitoring/main selects',
    );
    expect(jobs({ additionalScrapeConfigs: { name: 's', key: 'k' } })).toThrow(
      'not supported: additionalScrapeConfigs of Prometheus monitoring/main',
    );
  });

  it('refuses a Prometheus whose timeout is longer than its interval, or that has two default scrape classes', () => {
    expect(() => endpointJob({}, { scrapeInterval: '5s', scrapeTimeout: '10s' })).toThrow(
      /scrapeTimeout is longer than scrapeInterval/,
    );
    expect(() =>
      endpointJob(
        {},
        {
          scrapeClasses: [
            { name: 'a', default: true },
            { name: 'b', default: true },
          ],
        },
      ),
    ).toThrow(/more than one of scrapeClasses/);
  });
});
