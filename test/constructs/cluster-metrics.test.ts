import {
  AdapterRules,
  App,
  Autoscaler,
  ClusterMetrics,
  ClusterMetricsHandle,
  OpportunisticWorker,
  Priority,
  ServiceMonitor,
  value,
} from '../../constructs';
import type { Inventory } from '../../core/kube/inventory';
import type { Workload } from '../../core/kube/kinds/pod';
import { programFor } from '../../core/workloads';
import { node, pod } from '../core/workloads/cluster-state';
import { inventory, only } from './render';

const handle = new ClusterMetricsHandle('work');
const worker = new App({
  namespace: 'work',
  name: 'worker',
  ports: { http: 8080 },
  replicas: 'autoscaled',
  podLabels: { app: 'worker', tier: 'batch' },
});
const priority = Priority.opportunistic();

function exporter(
  props: Partial<ConstructorParameters<typeof ClusterMetrics>[2]> = {},
  cpu = '1',
): Inventory {
  return inventory((chart) => {
    new ClusterMetrics(chart, 'metrics', {
      handle,
      image: 'plimsoll/cluster-metrics:0.1.0',
      opportunistic: { app: worker, cpu },
      reserveCpu: '30',
      excludeNamespaces: ['ci', 'sandbox'],
      apiServerPort: 6443,
      ...props,
    });
  });
}

function program(objects: Inventory, workload: Workload = only(objects.deployments)) {
  const container = only(workload.spec.template.spec.containers);
  return programFor({ workload, container, inventory: objects }, []);
}

describe('the exporter of cluster capacity', () => {
  const objects = exporter();

  it('is configured so that it counts what it is meant to count', () => {
    const others = pod('others', '90');
    const state = {
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => node(name, '32')).concat(node('n6', '24')),
      pods: [
        others,
        pod('left-out', '8', { namespace: 'ci' }),
        pod('w', '1', { namespace: 'work', labels: { ...worker.podLabels, hash: 'x' } }),
      ],
    };
    const gauges = new Map(
      program(objects)
        .gauges?.(state)
        .map((sample) => [sample.name, sample.value]),
    );
    expect(gauges.get('opportunistic_slots')).toBe(64);
    expect(gauges.get('cpu_requests_total')).toBe(91_000);
  });

  it('may list and watch nodes and pods, and nothing else', () => {
    expect(only(objects.clusterRoles).rules).toEqual([
      { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] },
    ]);
    expect(only(objects.clusterRoleBindings).subjects).toEqual([
      { kind: 'ServiceAccount', name: 'cluster-metrics', namespace: 'work' },
    ]);
    expect(objects.roles).toEqual([]);
    expect(only(objects.deployments).spec.template.spec.automountServiceAccountToken).toBe(true);
  });

  it('answers its probes, and is reached through its Service', () => {
    const container = only(only(objects.deployments).spec.template.spec.containers);
    for (const probe of [container.readinessProbe, container.livenessProbe]) {
      const path = probe?.httpGet?.path ?? '';
      expect(program(objects).status(8080, { from: 'probe', method: 'GET', path })).toBe(200);
    }
    expect(only(objects.services).spec.ports).toEqual([
      { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
    ]);
  });

  it('is never there twice: an adapter that sums would double its numbers', () => {
    expect(only(objects.deployments).spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  it('talks to the API server', () => {
    expect(only(objects.ciliumNetworkPolicies).spec?.egress).toEqual([
      { toEntities: ['kube-apiserver'], toPorts: [{ ports: [{ port: '6443', protocol: 'TCP' }] }] },
    ]);
  });

  it('is not rendered with what it would refuse', () => {
    expect(() => exporter({ reserveCpu: 'some' })).toThrow('RESERVE_CPU: invalid quantity "some"');
    expect(() => exporter({}, '0')).toThrow('SLOT_CPU=0: must be more than 0');
  });

  it('may count everything and reserve nothing', () => {
    const bare = inventory((chart) => {
      new ClusterMetrics(chart, 'm', { handle, image: 'plimsoll/cluster-metrics:0.1.0', apiServerPort: 443 });
    });
    expect(only(only(bare.deployments).spec.template.spec.containers)).not.toHaveProperty('env');
  });
});

describe('a metric of the exporter', () => {
  const rules = new AdapterRules();
  const slots = rules.object({
    as: 'opportunistic_slots',
    reading: value(handle.exporter.series('slots')),
    namespace: 'namespace',
    object: { apiVersion: 'v1', kind: 'Service', label: 'service' },
  });

  it('is one of its Service, for an autoscaler of the same namespace', () => {
    const { horizontalPodAutoscalers, serviceMonitors } = inventory((chart) => {
      new ServiceMonitor(chart, 'monitor', {
        ...{ namespace: 'monitoring', name: 'cluster-metrics', labels: {}, interval: '15s' },
        exporter: handle.exporter,
      });
      new Autoscaler(chart, 'autoscaler', {
        ...{ target: worker, min: 15, max: 150 },
        metrics: [slots.average(handle.service.object, '1')],
      });
    });
    expect(only(horizontalPodAutoscalers)['spec']).toMatchObject({
      metrics: [
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'v1', kind: 'Service', name: 'cluster-metrics' },
            metric: { name: 'opportunistic_slots' },
            target: { type: 'AverageValue', averageValue: '1' },
          },
        },
      ],
    });
    expect(only(serviceMonitors).spec.endpoints).toEqual([
      { port: 'http', path: '/metrics', interval: '15s' },
    ]);
    expect(rules.toYaml('test')).toContain('opportunistic_slots{namespace!="",service!=""}');
  });
});

describe('the opportunistic worker', () => {
  const deployed = (more: Partial<ConstructorParameters<typeof OpportunisticWorker>[2]> = {}) =>
    inventory((chart) => {
      new OpportunisticWorker(chart, 'worker', {
        ...{ app: worker, image: 'plimsoll/worker:0.1.0', priority, cpu: '1' },
        ...more,
      });
    });
  const template = (objects: Inventory) => only(objects.deployments).spec.template.spec;

  it('gives way, and soon', () => {
    expect(template(deployed())).toMatchObject({
      priorityClassName: 'opportunistic',
      terminationGracePeriodSeconds: 10,
      automountServiceAccountToken: false,
      volumes: [{ name: 'checkpoints', emptyDir: {} }],
    });
  });

  it.each([
    ['1', 1, '1200m'],
    ['250m', 0.25, '300m'],
    ['1.5', 1.5, '1800m'],
  ])('that requests %s uses %d cores, and is limited to a little more', (cpu, cores, limit) => {
    const objects = deployed({ cpu });
    const used = program(objects).series.find(({ name }) => name === 'worker_cpu_seconds_total');
    expect(used?.perSecond).toBe(cores);
    expect(only(template(objects).containers).resources?.limits?.['cpu']).toBe(limit);
  });

  it('is not rendered with what it would refuse', () => {
    expect(() => deployed({ checkpointPeriod: '1ms' })).toThrow('CHECKPOINT_PERIOD=1ms: must be a duration');
    expect(() => deployed({ chunkSize: 0 })).toThrow('CHUNK_SIZE=0: must be a whole number');
    expect(() => deployed({ cpu: '0' })).toThrow('worker work/worker: cpu 0 must be more than 0');
  });
});
