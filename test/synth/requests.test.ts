import { parseObject, type KubeObject } from '../../core/kube/object';
import { TEST_CLUSTER } from '../support/cluster';
import { requestedAtMost } from '../../synth/requests';

const object = (apiVersion: string, kind: string, name: string, spec: object): KubeObject =>
  parseObject({ apiVersion, kind, metadata: { name, namespace: 'shop' }, spec }, 'test');

function workload(kind: string, name: string, cpu: string, memory: string, replicas?: number): KubeObject {
  return object('apps/v1', kind, name, {
    ...(replicas === undefined ? {} : { replicas }),
    selector: { matchLabels: { name } },
    template: {
      metadata: { labels: { name } },
      spec: { containers: [{ name, resources: { requests: { cpu, memory } } }] },
    },
  });
}

const hpa = object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  maxReplicas: 30,
});

function requested(applied: readonly KubeObject[], released: readonly KubeObject[] = []) {
  return requestedAtMost(
    {
      stages: [{ stage: 'all', objects: applied.map((each) => ({ object: each, origin: {} })) }],
      provided: [
        // The cluster's own are there already.
        { object: workload('Deployment', 'coredns', '8', '8Gi', 2), origin: {} },
        ...released.map((each) => ({ object: each, origin: { release: 'keda' } })),
      ],
    },
    TEST_CLUSTER,
  );
}

describe('what a stack requests at the most', () => {
  it('is its workloads, each at the most replicas that something scales it to', () => {
    expect(requested([workload('Deployment', 'web', '2', '100Mi'), hpa])).toEqual({
      millicores: 60_000n,
      mebibytes: 3000n,
      pods: 30,
    });
  });

  it('counts what nothing scales by its replicas, and a DaemonSet once a node', () => {
    const applied = [
      workload('Deployment', 'web', '1m', '1Mi', 4),
      workload('StatefulSet', 'store', '10m', '1Mi'),
      workload('DaemonSet', 'agent', '100m', '1Mi'),
    ];
    expect(requested(applied)).toEqual({ millicores: 314n, mebibytes: 8n, pods: 8 });
  });

  it('reads the most of a ScaledObject, which is 100 if it does not say', () => {
    const scaled = (spec: object) =>
      object('keda.sh/v1alpha1', 'ScaledObject', 'web', {
        scaleTargetRef: { name: 'web' },
        triggers: [{ type: 'prometheus', metadata: {} }],
        ...spec,
      });
    const web = workload('Deployment', 'web', '100m', '1Mi');
    expect(requested([web, scaled({ maxReplicaCount: 7 })]).pods).toBe(7);
    expect(requested([web, scaled({})]).pods).toBe(100);
  });

  it('counts the pods that the Prometheus Operator makes, and those of releases', () => {
    const prometheus = object('monitoring.coreos.com/v1', 'Prometheus', 'main', {
      replicas: 2,
      resources: { requests: { cpu: '2', memory: '4096Mi' } },
    });
    expect(requested([prometheus], [workload('Deployment', 'op', '100m', '100Mi')])).toEqual({
      millicores: 4100n,
      mebibytes: 8292n,
      pods: 3,
    });
  });

  it('is rounded up', () => {
    expect(requested([workload('Deployment', 'web', '100u', '1')])).toEqual({
      millicores: 1n,
      mebibytes: 1n,
      pods: 1,
    });
  });
});
