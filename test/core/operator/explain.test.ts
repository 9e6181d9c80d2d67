import { Inventory } from '../../../core/kube/inventory';
import type { KubeObject } from '../../../core/kube/object';
import {
  explainPodEndpoint,
  explainServiceEndpoint,
  endpointPort,
  podsOf,
  servicesOf,
} from '../../../core/operator';
import { object, podMonitor, serviceMonitor } from './objects';

const METRICS_PORT = { name: 'metrics', containerPort: 9090 };

function deployment(ports: readonly Record<string, unknown>[], name = 'web'): KubeObject {
  return object(
    'apps/v1',
    'Deployment',
    { name, namespace: 'app' },
    {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, ports }] } },
    },
  );
}

function service(
  ports: readonly Record<string, unknown>[],
  metadata: Record<string, unknown> = {},
): KubeObject {
  return object(
    'v1',
    'Service',
    { name: 'web', namespace: 'app', labels: { app: 'web' }, ...metadata },
    { selector: { app: 'web' }, ports },
  );
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('nothing there');
  return item;
}

function explain(endpoint: Record<string, unknown>, ...objects: KubeObject[]) {
  const inventory = new Inventory(objects);
  const { reached, problems } = explainServiceEndpoint(first(inventory.services), endpoint, inventory);
  return { reached: reached.map(({ pod, port }) => `${pod.owner.name}:${port}`), problems };
}

describe('servicesOf and podsOf', () => {
  const inventory = new Inventory([
    service([]),
    service([], { name: 'elsewhere', namespace: 'other' }),
    service([], { name: 'unlabelled', labels: {} }),
    deployment([]),
    object(
      'v1',
      'Pod',
      { name: 'bare', namespace: 'app', labels: { app: 'web' } },
      { containers: [{ name: 'c' }] },
    ),
  ]);
  const spec = { selector: { matchLabels: { app: 'web' } } };
  const monitors = (namespaceSelector: Record<string, unknown>) =>
    new Inventory([
      serviceMonitor({ name: 'm', namespace: 'app' }, { ...spec, namespaceSelector, endpoints: [] }),
      podMonitor({ name: 'm', namespace: 'app' }, { ...spec, namespaceSelector, podMetricsEndpoints: [] }),
    ]);

  it('select by labels in the namespaces of the monitor', () => {
    const names = (namespaceSelector: Record<string, unknown>) =>
      servicesOf(first(monitors(namespaceSelector).serviceMonitors), inventory).map(
        ({ metadata }) => metadata.name,
      );
    expect(names({})).toEqual(['web']);
    expect(names({ any: true })).toEqual(['web', 'elsewhere']);
  });

  it('know the pods of workloads and bare pods', () => {
    const owners = podsOf(first(monitors({}).podMonitors), inventory).map(({ owner }) => owner.kind);
    expect(owners).toEqual(['Deployment', 'Pod']);
  });
});

describe('endpointPort', () => {
  const inventory = new Inventory([service([{ name: 'metrics', port: 80 }])]);

  it('finds a port by its name, which the operator takes for an expression', () => {
    expect(endpointPort(first(inventory.services), { port: 'metrics' })?.port).toBe(80);
    expect(endpointPort(first(inventory.services), { port: 'met.*' })?.port).toBe(80);
    expect(endpointPort(first(inventory.services), { port: 'met' })).toBeUndefined();
  });
});

describe('explainServiceEndpoint', () => {
  it.each([
    ['a named target port', { name: 'metrics', port: 80, targetPort: 'metrics' }, ['web:9090']],
    ['a numbered target port', { name: 'metrics', port: 80, targetPort: 9091 }, ['web:9091']],
    ['no target port', { name: 'metrics', port: 80 }, ['web:80']],
  ])('follows %s', (_, port, reached) => {
    expect(explain({ port: 'metrics' }, service([port]), deployment([METRICS_PORT]))).toEqual({
      reached,
      problems: [],
    });
  });

  it('says which ports the Service has instead', () => {
    const { problems } = explain(
      { port: 'metrics' },
      service([{ name: 'http', port: 80 }, { port: 81 }]),
      deployment([METRICS_PORT]),
    );
    expect(problems).toEqual([
      'Service app/web has no port named "metrics"; it has http, an unnamed port 81',
    ]);
  });

  it('says which container port is missing', () => {
    const { problems } = explain(
      { port: 'metrics' },
      service([{ name: 'metrics', port: 80, targetPort: 'prom' }]),
      deployment([METRICS_PORT]),
    );
    expect(problems).toEqual([
      'port "metrics" of Service app/web targets "prom", which no container of Deployment app/web declares',
    ]);
  });

  it('says that nothing stands behind the Service', () => {
    const { problems } = explain(
      { port: 'metrics' },
      service([{ name: 'metrics', port: 80 }]),
      deployment([METRICS_PORT], 'api'),
    );
    expect(problems).toEqual(['no workload among the objects makes pods that Service app/web selects']);
  });

  it('needs a targetPort to be declared by a container', () => {
    expect(explain({ targetPort: 9090 }, service([]), deployment([METRICS_PORT])).reached).toEqual([
      'web:9090',
    ]);
    expect(explain({ targetPort: 9091 }, service([]), deployment([METRICS_PORT])).problems).toEqual([
      'no container of Deployment app/web declares port "9091"; they declare metrics',
    ]);
  });
});

describe('explainPodEndpoint', () => {
  const [pod] = podsOf(
    first(
      new Inventory([podMonitor({ name: 'm', namespace: 'app' }, { selector: {}, podMetricsEndpoints: [] })])
        .podMonitors,
    ),
    new Inventory([deployment([METRICS_PORT, { containerPort: 8080 }])]),
  );

  it.each([
    [{ port: 'metrics' }, [9090]],
    [{ portNumber: 8080 }, [8080]],
    [{ targetPort: 'metrics' }, [9090]],
    [{}, [9090, 8080]],
    [{ port: 'http' }, []],
  ])('reaches with %j the ports %j', (endpoint, ports) => {
    if (!pod) throw new Error('no pod');
    const { reached, problems } = explainPodEndpoint(pod, endpoint);
    expect(reached.map(({ port }) => port)).toEqual(ports);
    expect(problems).toHaveLength(ports.length === 0 ? 1 : 0);
  });
});
