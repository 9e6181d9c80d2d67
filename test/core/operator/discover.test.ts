import { discoverTargets, scrapeJobs, type DiscoveryState, type ScrapeJob } from '../../../core/operator';
import {
  discoveredPod,
  discoveredService,
  jobOf,
  podMonitor,
  prometheus,
  readAll,
  SELECTS_ALL,
  serviceMonitor,
} from './objects';

const POD_A = discoveredPod('web-a', '10.0.0.1');
const POD_B = discoveredPod('web-b', '10.0.0.2');
const STATE: DiscoveryState = { services: [discoveredService([POD_A, POD_B])], pods: [POD_A, POD_B] };

function serviceJob(
  endpoint: Record<string, unknown> = { port: 'http' },
  spec: Record<string, unknown> = {},
  monitorSpec: Record<string, unknown> = {},
) {
  const selector = { matchLabels: { app: 'web' } };
  return jobOf(
    serviceMonitor({ name: 'web', namespace: 'app' }, { selector, ...monitorSpec, endpoints: [endpoint] }),
    spec,
  );
}

function podJob(
  endpoint: Record<string, unknown> = { port: 'http' },
  monitorSpec: Record<string, unknown> = {},
) {
  return jobOf(
    podMonitor(
      { name: 'web', namespace: 'app' },
      { selector: {}, ...monitorSpec, podMetricsEndpoints: [endpoint] },
    ),
  );
}

function addresses(job: ScrapeJob, state: DiscoveryState = STATE): string[] {
  return discoverTargets(job, state).map(({ address }) => address);
}

describe('discoverTargets of a ServiceMonitor', () => {
  it.each(['Endpoints', 'EndpointSlice'])(
    'labels targets as the operator has Prometheus do it, with %s',
    (serviceDiscoveryRole) => {
      const [target, ...others] = discoverTargets(
        serviceJob({ port: 'http' }, { serviceDiscoveryRole }),
        STATE,
      );
      expect(others).toHaveLength(1);
      expect(target).toMatchObject({
        labels: {
          job: 'web',
          instance: '10.0.0.1:8080',
          namespace: 'app',
          service: 'web',
          pod: 'web-a',
          container: 'web',
          endpoint: 'http',
        },
        address: '10.0.0.1:8080',
        host: '10.0.0.1',
        port: 8080,
        scheme: 'http',
        metricsPath: '/metrics',
        interval: 30_000,
        timeout: 10_000,
        pod: { namespace: 'app', name: 'web-a' },
      });
      expect(Object.keys(target?.labels ?? {})).toHaveLength(7);
    },
  );

  it.each(['Endpoints', 'EndpointSlice'])(
    'has targets for pods that are not ready, with %s',
    (serviceDiscoveryRole) => {
      const pod = discoveredPod('web-c', '10.0.0.3', { ready: false });
      const state = { services: [discoveredService([pod])], pods: [pod] };
      expect(addresses(serviceJob({ port: 'http' }, { serviceDiscoveryRole }), state)).toEqual([
        '10.0.0.3:8080',
      ]);
    },
  );

  it.each([
    ['Endpoints', false, []],
    ['Endpoints', true, ['10.0.0.1:8080']],
    ['EndpointSlice', false, ['10.0.0.1:8080']],
  ])(
    'lists a terminating pod as %s do (publishNotReadyAddresses %s)',
    (serviceDiscoveryRole, publishNotReadyAddresses, expected) => {
      const { endpoints } = discoveredService([POD_A]);
      const service = discoveredService([], {
        publishNotReadyAddresses,
        endpoints: endpoints.map((endpoint) => ({ ...endpoint, terminating: true })),
      });
      expect(
        addresses(serviceJob({ port: 'http' }, { serviceDiscoveryRole }), {
          services: [service],
          pods: [POD_A],
        }),
      ).toEqual(expected);
    },
  );

  it.each([
    ['app', ['10.0.0.1:8080', '10.0.0.2:8080']],
    ['tier', []],
  ])('selects by label %s where the API server does', (label, expected) => {
    const selector = { matchLabels: { [label]: 'web' } };
    const job = serviceJob({ port: 'http' }, {}, { selector, selectorMechanism: 'RoleSelector' });
    expect(addresses(job)).toEqual(expected);
  });

  it('shows rules which pods of an EndpointSlice are terminating', () => {
    const condition = '__meta_kubernetes_endpointslice_endpoint_conditions_terminating';
    const keepTerminating = { sourceLabels: [condition], regex: 'true', action: 'keep' };
    const { endpoints } = discoveredService([POD_A, POD_B]);
    const service = discoveredService([], {
      endpoints: endpoints.map((endpoint, index) => ({ ...endpoint, terminating: index === 0 })),
    });
    const job = serviceJob(
      { port: 'http', relabelings: [keepTerminating] },
      { serviceDiscoveryRole: 'EndpointSlice' },
    );
    expect(addresses(job, { services: [service], pods: [POD_A, POD_B] })).toEqual(['10.0.0.1:8080']);
  });

  it.each([
    ['Endpoints', '__meta_kubernetes_endpoint_ready'],
    ['EndpointSlice', '__meta_kubernetes_endpointslice_endpoint_conditions_ready'],
  ])('counts every address of a Service that publishes unready ones as ready, with %s', (role, label) => {
    const pod = discoveredPod('web-a', '10.0.0.1', { ready: false });
    const keepReady = { sourceLabels: [label], regex: 'true', action: 'keep' };
    const job = serviceJob({ port: 'http', relabelings: [keepReady] }, { serviceDiscoveryRole: role });
    const found = (publishNotReadyAddresses: boolean) =>
      addresses(job, { services: [discoveredService([pod], { publishNotReadyAddresses })], pods: [pod] });
    expect(found(true)).toEqual(['10.0.0.1:8080']);
    expect(found(false)).toEqual([]);
  });

  it('shows rules the first value of a parameter', () => {
    const keepModule = { sourceLabels: ['__param_module'], regex: 'a', action: 'keep' };
    const targets = (module: string[]) =>
      addresses(serviceJob({ port: 'http', params: { module }, relabelings: [keepModule] }));
    expect(targets(['a', 'b'])).toHaveLength(2);
    expect(targets(['b', 'a'])).toEqual([]);
    expect(targets([])).toEqual([]);
  });

  it('drops pods that have finished, unless told not to', () => {
    const pod = discoveredPod('web-c', '10.0.0.3', { phase: 'Succeeded' });
    const state = { services: [discoveredService([pod])], pods: [pod] };
    expect(addresses(serviceJob(), state)).toEqual([]);
    expect(addresses(serviceJob({ port: 'http', filterRunning: false }), state)).toEqual(['10.0.0.3:8080']);
  });

  it.each<[string, Parameters<typeof discoveredService>[1]]>([
    ['a Service in another namespace', { namespace: 'other' }],
    ['a Service with other labels', { labels: { app: 'api' } }],
    ['a Service without labels', { labels: {} }],
    [
      'a port of another name',
      {
        endpoints: [{ podName: 'web-a', ip: '10.0.0.1', ready: true, ports: [{ name: 'web', port: 8080 }] }],
      },
    ],
  ])('finds nothing for %s', (_, overrides) => {
    expect(
      addresses(serviceJob(), { services: [discoveredService([POD_A], overrides)], pods: [POD_A] }),
    ).toEqual([]);
  });

  it('finds a declared container port that the Service does not have, by targetPort only', () => {
    const pod = discoveredPod('web-a', '10.0.0.1', {
      containers: [
        {
          name: 'web',
          ports: [
            { name: 'http', containerPort: 8080 },
            { name: 'metrics', containerPort: 9090 },
          ],
        },
      ],
    });
    const state = { services: [discoveredService([pod])], pods: [pod] };
    expect(addresses(serviceJob({ targetPort: 'metrics' }), state)).toEqual(['10.0.0.1:9090']);
    expect(addresses(serviceJob({ targetPort: 9090 }), state)).toEqual(['10.0.0.1:9090']);
    expect(addresses(serviceJob({ port: 'metrics' }), state)).toEqual([]);
    expect(addresses(serviceJob({}), state)).toEqual(['10.0.0.1:8080', '10.0.0.1:9090']);
  });

  it('finds none of the ports of a pod that has none of the ports of the Service', () => {
    const { endpoints } = discoveredService([POD_A]);
    const service = discoveredService([], { endpoints: endpoints.map((one) => ({ ...one, ports: [] })) });
    expect(addresses(serviceJob({}), { services: [service], pods: [POD_A] })).toEqual([]);
  });

  it('keeps an address that is no pod, without pod and container', () => {
    const endpoints = [{ ip: '192.0.2.7', ready: true, ports: [{ name: 'http', port: 80 }] }];
    const [target] = discoverTargets(serviceJob(), {
      services: [discoveredService([], { endpoints })],
      pods: [],
    });
    expect(target?.labels).toEqual({
      job: 'web',
      instance: '192.0.2.7:80',
      namespace: 'app',
      service: 'web',
      endpoint: 'http',
    });
    expect(target?.pod).toBeUndefined();
  });

  it('copies labels of Service and pod, and names the job by the job label', () => {
    const pod = discoveredPod('web-a', '10.0.0.1', { labels: { 'example.com/tier': 'front' } });
    const service = discoveredService([pod], { labels: { app: 'web', team: 'a' } });
    const job = serviceJob(
      { port: 'http' },
      {},
      { targetLabels: ['team', 'absent'], podTargetLabels: ['example.com/tier'], jobLabel: 'team' },
    );
    const [target] = discoverTargets(job, { services: [service], pods: [pod] });
    expect(target?.labels).toMatchObject({ team: 'a', example_com_tier: 'front', job: 'a' });
    expect(target?.labels).not.toHaveProperty('absent');
  });

  it("lets the user's rules see annotations, node, owner and the Service's Endpoints", () => {
    const sources = [
      'pod_annotation_note',
      'pod_node_name',
      'pod_controller_kind',
      'pod_phase',
      'pod_ready',
      'endpoints_name',
      'endpoint_ready',
      'pod_container_image',
    ];
    const relabelings = sources.map((name) => ({
      sourceLabels: [`__meta_kubernetes_${name}`],
      targetLabel: name,
    }));
    const pod = discoveredPod('web-a', '10.0.0.1', { annotations: { note: 'x' } });
    const [target] = discoverTargets(serviceJob({ port: 'http', relabelings }), {
      services: [discoveredService([pod])],
      pods: [pod],
    });
    expect(target?.labels).toMatchObject({
      pod_annotation_note: 'x',
      pod_node_name: 'worker',
      pod_controller_kind: 'ReplicaSet',
      pod_phase: 'Running',
      pod_ready: 'true',
      endpoints_name: 'web',
      endpoint_ready: 'true',
      pod_container_image: 'web:1',
    });
  });

  it('attaches labels of the node where the monitor asks for them', () => {
    const relabelings = [{ sourceLabels: ['__meta_kubernetes_node_label_zone'], targetLabel: 'zone' }];
    const state = { ...STATE, nodes: [{ name: 'worker', labels: { zone: 'z1' } }] };
    const zones = (monitorSpec: Record<string, unknown>) =>
      discoverTargets(serviceJob({ port: 'http', relabelings }, {}, monitorSpec), state).map(
        ({ labels }) => labels.zone,
      );
    expect(zones({ attachMetadata: { node: true } })).toEqual(['z1', 'z1']);
    expect(zones({})).toEqual([undefined, undefined]);
  });

  it('gives every target to exactly one shard', () => {
    const pods = Array.from({ length: 10 }, (_, index) => discoveredPod(`web-${index}`, `10.0.0.${index}`));
    const monitor = serviceMonitor(
      { name: 'web', namespace: 'app' },
      { selector: {}, endpoints: [{ port: 'http' }] },
    );
    const { inventory, owner } = readAll(monitor, prometheus({ ...SELECTS_ALL, shards: 2 }));
    const shards = [0, 1].map((shard) =>
      scrapeJobs(owner, inventory, shard).flatMap((job) =>
        addresses(job, { services: [discoveredService(pods)], pods }),
      ),
    );
    expect(shards.every((found) => found.length > 0)).toBe(true);
    expect(shards.flat().sort()).toEqual(pods.map(({ ip }) => `${ip}:8080`));
  });

  it('gives for each Service alone what it gives for all of them', () => {
    const other = discoveredService([POD_B], { name: 'other' });
    const together = discoverTargets(serviceJob(), {
      services: [discoveredService([POD_A]), other],
      pods: [POD_A, POD_B],
    });
    const apart = [discoveredService([POD_A]), other].flatMap((service) =>
      discoverTargets(serviceJob(), { services: [service], pods: [POD_A, POD_B] }),
    );
    expect(together.map(({ labels }) => labels)).toEqual(apart.map(({ labels }) => labels));
  });
});

describe('discoverTargets of a PodMonitor', () => {
  it('labels targets as the operator has Prometheus do it', () => {
    const [target] = discoverTargets(podJob(), STATE);
    expect(target?.labels).toEqual({
      job: 'app/web',
      instance: '10.0.0.1:8080',
      namespace: 'app',
      pod: 'web-a',
      container: 'web',
      endpoint: 'http',
    });
  });

  it('makes one target a port, and one without port for a container that declares none', () => {
    const pod = discoveredPod('web-a', '10.0.0.1', {
      containers: [{ name: 'web', ports: [{ containerPort: 1 }, { containerPort: 2 }] }, { name: 'sidecar' }],
    });
    const targets = discoverTargets(podJob({}), { services: [], pods: [pod] });
    expect(targets.map(({ address, port }) => [address, port])).toEqual([
      ['10.0.0.1:1', 1],
      ['10.0.0.1:2', 2],
      ['10.0.0.1', 80],
    ]);
  });

  it('ignores pods without an address', () => {
    expect(
      addresses(podJob(), {
        services: [],
        pods: [discoveredPod('web-a', '', { ip: undefined, phase: 'Pending' })],
      }),
    ).toEqual([]);
  });

  it('selects pods by their labels', () => {
    const selector = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] };
    expect(addresses(podJob({ port: 'http' }, { selector }))).toEqual([]);
    expect(addresses(podJob({ port: 'http' }, { selector: { matchLabels: { app: 'web' } } }))).toHaveLength(
      2,
    );
  });

  it('leaves out pods on unknown nodes when node labels are attached', () => {
    const spec = { attachMetadata: { node: true } };
    expect(addresses(podJob({ port: 'http' }, spec))).toEqual([]);
    expect(
      addresses(podJob({ port: 'http' }, spec), { ...STATE, nodes: [{ name: 'worker', labels: {} }] }),
    ).toHaveLength(2);
  });

  it('writes an IPv6 address in brackets', () => {
    const pod = discoveredPod('web-a', 'fd00::1');
    const [target] = discoverTargets(podJob(), { services: [], pods: [pod] });
    expect(target).toMatchObject({
      address: '[fd00::1]:8080',
      host: 'fd00::1',
      port: 8080,
      pod: { name: 'web-a' },
    });
  });
});

describe('relabelling of targets', () => {
  it('makes one of targets that end up with the same labels', () => {
    const relabelings = [
      { regex: 'pod|container', action: 'labeldrop' },
      { targetLabel: '__address__', replacement: 'gateway:80' },
    ];
    const targets = discoverTargets(serviceJob({ port: 'http', relabelings }), STATE);
    expect(targets).toHaveLength(1);
    expect(targets[0]).toMatchObject({ address: 'gateway:80', labels: { instance: 'gateway:80' } });
    expect(targets[0]?.pod).toBeUndefined();
  });

  it('keeps targets apart that differ in their address only', () => {
    const relabelings = [
      { regex: 'pod', action: 'labeldrop' },
      { targetLabel: 'instance', replacement: 'same' },
    ];
    expect(addresses(serviceJob({ port: 'http', relabelings }))).toEqual(['10.0.0.1:8080', '10.0.0.2:8080']);
  });

  it('takes a label without a value for none, which names no label anew', () => {
    const pod = discoveredPod('web-a', '10.0.0.1', { labels: { app: 'web', tier: '' } });
    const relabelings = [
      { targetLabel: 'tier', replacement: 'front' },
      { regex: '__meta_kubernetes_pod_label_(.+)', action: 'labelmap' },
    ];
    const [target] = discoverTargets(podJob({ port: 'http', relabelings }), { services: [], pods: [pod] });
    expect(target?.labels).toMatchObject({ app: 'web', tier: 'front' });
  });

  it('finds the pod that an address was changed to', () => {
    const relabelings = [{ targetLabel: '__address__', replacement: '10.0.0.2:9' }];
    const [target] = discoverTargets(serviceJob({ port: 'http', relabelings }), STATE);
    expect(target).toMatchObject({ port: 9, pod: { name: 'web-b' } });
  });

  it.each([
    ['25h', '1d1h'],
    ['90s', '1m30s'],
    ['168h', '1w'],
    ['169h', '7d1h'],
    ['500ms', '500ms'],
  ])('shows rules an interval of %s as %s', (interval, shown) => {
    const rule = { sourceLabels: ['__scrape_interval__'], targetLabel: 'interval' };
    const endpoint = { port: 'http', interval, scrapeTimeout: '100ms', relabelings: [rule] };
    expect(discoverTargets(serviceJob(endpoint), STATE)[0]?.labels).toMatchObject({ interval: shown });
  });

  it('can change path, scheme, interval, timeout and parameters', () => {
    const relabelings = Object.entries({
      __metrics_path__: '/m',
      __scheme__: 'https',
      __scrape_interval__: '2m',
      __scrape_timeout__: '1s',
      __param_module: 'x',
    }).map(([targetLabel, replacement]) => ({ targetLabel, replacement }));
    const [target] = discoverTargets(
      serviceJob({ port: 'http', params: { module: ['a', 'b'], q: ['c'] }, relabelings }),
      STATE,
    );
    expect(target).toMatchObject({
      metricsPath: '/m',
      scheme: 'https',
      interval: 120_000,
      timeout: 1000,
      params: { module: ['x', 'b'], q: ['c'] },
    });
  });

  it.each([
    ['no address', { regex: '__address__', action: 'labeldrop' }],
    ['a timeout longer than the interval', { targetLabel: '__scrape_timeout__', replacement: '1h' }],
    ['a path in its address', { targetLabel: '__address__', replacement: '10.0.0.1:80/metrics' }],
    ['an interval that is none', { targetLabel: '__scrape_interval__', replacement: 'often' }],
  ])('leaves out a target with %s', (_, rule) => {
    expect(addresses(serviceJob({ port: 'http', relabelings: [rule] }))).toEqual([]);
  });
});
