import {
  clusterDescriptor,
  defineScenario,
  type ClusterDescriptor,
  type ScenarioInput,
  type Timeline,
} from '../../core/model';
import { rehearse } from '../../rehearsal';
import { deployment } from '../support/chain';
import { parseYaml, PLAIN_CLUSTER, problemText } from './fixture';

/** Two EC2 nodes, and Fargate for what is labelled so in the namespace demo. */
const CLUSTER: ClusterDescriptor = clusterDescriptor.parse({
  ...PLAIN_CLUSTER,
  provider: 'eks',
  networkPolicyEnforced: true,
  nodes: [{ role: 'worker', count: 2, cpu: '2', memory: '8Gi', pods: 20 }],
  fargate: { profiles: [{ name: 'default', namespace: 'demo', labels: { app: 'fast*' } }], podStart: '45s' },
});

function app(name: string, replicas: number, container = '', spec = ''): string {
  return deployment(
    'demo',
    name,
    `${spec}\ncontainers: [{ name: main, image: example.org/app, ports: [{ containerPort: 80 }]${container} }]`,
  ).replace('spec:\n', `spec:\n  replicas: ${replicas}\n`);
}

function watched(name: string): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: ${name}, namespace: demo }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  minReplicas: 1
  maxReplicas: 20
  metrics: [{ type: External, external: { metric: { name: none }, target: { type: Value, value: 1 } } }]`;
}

function play(documents: readonly string[], scenario: Partial<ScenarioInput> = {}): Timeline {
  return rehearse({
    name: 'fargate',
    objects: parseYaml(documents.join('\n---\n')),
    cluster: CLUSTER,
    scenario: defineScenario(
      { duration: '5m', noise: false, programs: [{ image: 'example.org/app' }], ...scenario },
      'test',
    ),
  });
}

function readyTimes(timeline: Timeline, name: string) {
  const workload = timeline.workloads.find((candidate) => candidate.name === name);
  const index = workload?.ready.findIndex((ready) => ready > 0) ?? -1;
  return { atMs: workload?.atMs[index], ready: workload?.ready.at(-1) };
}

describe('pods on Fargate', () => {
  it('start later, each on a node of its own, where there is no room for them otherwise', () => {
    const large = ', resources: { requests: { cpu: 2 } }';
    const timeline = play([app('fast', 5, large), watched('fast'), app('other', 1, large), watched('other')]);
    // Scheduling 1 s, the node 45 s, the containers 3 s.
    expect(readyTimes(timeline, 'fast')).toEqual({ atMs: 49_000, ready: 5 });
    expect(readyTimes(timeline, 'other')).toEqual({ atMs: 4000, ready: 1 });
    expect(problemText(timeline)).not.toContain('cannot be scheduled');
  });

  it('leave the other nodes to those that no profile selects', () => {
    const large = ', resources: { requests: { cpu: 2 } }';
    const timeline = play([app('other', 3, large), watched('other')]);
    expect(readyTimes(timeline, 'other').ready).toBe(2);
    expect(problemText(timeline)).toContain('0/2 nodes are available: 2 Insufficient cpu.');
  });

  it('get no pods of DaemonSets', () => {
    // Every pod of it says what it misses.
    const volumes = 'volumes: [{ name: settings, configMap: { name: gone } }]';
    const agent = app('agent', 1, '', volumes).replace('kind: Deployment', 'kind: DaemonSet');
    const { events } = play([app('fast', 3), agent]);
    expect(events.filter(({ reason }) => reason === 'FailedMount')).toHaveLength(2);
  });

  it.each([
    [
      ', securityContext: { privileged: true }',
      'Pod not supported on Fargate: invalid SecurityContext fields: Privileged',
    ],
    [
      ', resources: { requests: { cpu: 17 } }',
      "Your pod's cpu/memory requirements exceed the max Fargate configuration",
    ],
  ])('wait for ever if Fargate refuses them: %s', (container, reason) => {
    const timeline = play([app('fast', 1, container), watched('fast')]);
    expect(readyTimes(timeline, 'fast').ready).toBe(0);
    expect(problemText(timeline)).toContain(`pods fast: a pod cannot be scheduled: ${reason}`);
    expect(timeline.events.find(({ reason: what }) => what === 'FailedScheduling')).toMatchObject({
      source: 'fargate-scheduler',
      message: reason,
    });
  });

  it('are reached although a policy forbids it', () => {
    const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: demo }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }`;
    const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: demo }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }`;
    const client = (name: string) => ({
      name,
      to: `demo/${name}:80`,
      steps: [{ at: '0s', rate: 10 }],
    });
    const timeline = play([app('fast', 1), service('fast'), app('slow', 1), service('slow'), closed], {
      clients: [client('fast'), client('slow')],
    });
    const served = (name: string) => timeline.loads.find((load) => load.name === name)?.served.at(-1);
    expect([served('fast'), served('slow')]).toEqual([10, 0]);
  });
});

describe('the description of a cluster', () => {
  it('has Fargate on EKS only', () => {
    expect(() => clusterDescriptor.parse({ ...CLUSTER, provider: 'aks' })).toThrow(
      'only the provider eks has Fargate',
    );
  });
});
