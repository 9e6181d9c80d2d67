import { defineScenario, type ClusterDescriptor, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { deployment } from '../support/chain';
import { METRICS_SERVER } from '../support/metrics-server';
import {
  autoscalerOf,
  client,
  conditionOf,
  finalReplicas,
  parseYaml,
  PLAIN_CLUSTER,
  problemText,
  valuesOf,
} from './fixture';

const APP_SPEC = `
containers:
  - name: app
    image: example.org/app:1
    ports: [{ name: http, containerPort: 8080 }]
    readinessProbe: { tcpSocket: { port: http }, periodSeconds: 10, initialDelaySeconds: 5 }
    resources: { requests: { cpu: 100m, memory: 64Mi } }`;

const APP = `${deployment('shop', 'app', APP_SPEC)}
---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: shop }
spec: { selector: { app: app }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: app, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: app }
  minReplicas: 1
  maxReplicas: 10
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 90 } } }]`;

/** Ten milliseconds a request: 100 requests a second take a core. */
const USAGE = [{ workload: 'shop/app', cpu: { idle: '0', perRequest: '10ms' }, memory: '20Mi' }];

function play(
  scenario: Partial<ScenarioInput> = {},
  change = (yaml: string) => yaml,
  cluster: ClusterDescriptor = PLAIN_CLUSTER,
): Timeline {
  return rehearse({
    name: 'resources',
    objects: parseYaml(change(`${METRICS_SERVER}\n---\n${APP}`)),
    cluster,
    scenario: defineScenario(
      {
        duration: '10m',
        noise: false,
        programs: [{ image: 'example.org/app', startsIn: '2s' }],
        usage: USAGE,
        ...scenario,
      },
      'test',
    ),
  });
}

/** A replacement that has to find its text. */
function by(text: string, replacement: string) {
  return (yaml: string) => {
    if (!yaml.includes(text)) throw new Error(`there is no "${text}"`);
    return yaml.replace(text, () => replacement);
  };
}

function valueAt(timeline: Timeline, ms: number) {
  const { atMs } = autoscalerOf(timeline, 'app').syncs;
  return valuesOf(timeline, 'app')[atMs.findLastIndex((time) => time <= ms)];
}

function stepsOf(timeline: Timeline) {
  return autoscalerOf(timeline, 'app').decisions.flatMap(({ atMs, from, to }) =>
    to === undefined ? [] : [{ atMs, from, to }],
  );
}

describe('an autoscaler on CPU', () => {
  it('leaves its target alone within the tolerance: 99m of 100m for a target of 90 %', () => {
    const timeline = play({ clients: [client(9.9)] });
    expect(valueAt(timeline, 300_000)).toBe(99);
    expect(stepsOf(timeline)).toEqual([]);
    expect(finalReplicas(play({ clients: [client(10)] }), 'app')).toBe(2);
  });

  it('wants three pods for 250m, and no more while they start', () => {
    const steps = [
      { at: '0s', rate: 0 },
      { at: '3m', rate: 25 },
    ];
    const timeline = play({ clients: [{ ...client(0), steps }], pods: { start: '30s' } });
    expect(stepsOf(timeline).map(({ from, to }) => [from, to])).toEqual([[1, 3]]);
    // A third of 250m, rounded up to whole thousandths.
    expect(valueAt(timeline, 600_000)).toBe(84);
  });

  it('scales down five minutes after the load has ended', () => {
    const steps = [
      { at: '0s', rate: 25 },
      { at: '3m', rate: 0 },
    ];
    const timeline = play({ duration: '12m', clients: [{ ...client(0), steps }] });
    const [up, down] = stepsOf(timeline);
    expect(up).toMatchObject({ from: 1, to: 3 });
    expect(down?.from).toBe(3);
    // The last recommendation of three is from the last sync with a whole window of load.
    expect(down?.atMs).toBeGreaterThan(180_000 + 300_000 - 30_000);
    expect(down?.atMs).toBeLessThan(180_000 + 300_000 + 60_000);
    expect(finalReplicas(timeline, 'app')).toBe(1);
  });

  it('sees no more than the limit, to which a container is throttled', () => {
    const limited = by('memory: 64Mi } }', 'memory: 64Mi }, limits: { cpu: 150m } }');
    const timeline = play({ clients: [client(100)], duration: '1m30s' }, limited);
    const values = valuesOf(timeline, 'app').filter((value) => value !== null);
    expect(Math.max(...values)).toBe(150);
  });

  it('has its first value after two looks at the nodes, sixty seconds apart by default', () => {
    const first = (timeline: Timeline) =>
      autoscalerOf(timeline, 'app').syncs.atMs[
        valuesOf(timeline, 'app').findIndex((value) => value !== null)
      ];
    expect(first(play())).toBe(45_002);
    // Its first look is at 4 s, when containers start; of the three that follow, the second is that after 64 s.
    expect(first(play({}, by(', --metric-resolution=15s', '')))).toBe(135_008);
  });

  it('is told nothing of a pod whose container was restarted, until it was looked at twice', () => {
    const ending = `
containers:
  - name: app
    image: plimsoll/load-test:1
    args: [sh, -c, 'echo "GET http://app/" | vegeta attack -rate=20 -duration=80s']
    resources: { requests: { cpu: 100m } }`;
    const other = deployment('shop', 'app', ending);
    const timeline = play({}, (yaml) => yaml.replace(deployment('shop', 'app', APP_SPEC), other));
    const values = valuesOf(timeline, 'app');
    expect(values.filter((value) => value !== null).length).toBeGreaterThan(0);
    expect(values.lastIndexOf(null)).toBeGreaterThan(values.findIndex((value) => value !== null));
  });
});

describe('an autoscaler on memory', () => {
  it('knows what the scenario says', () => {
    const timeline = play({}, by('name: cpu, target', 'name: memory, target'));
    expect(valueAt(timeline, 300_000)).toBe(31);
    const average = by(
      'name: cpu, target: { type: Utilization, averageUtilization: 90 }',
      'name: memory, target: { type: AverageValue, averageValue: 10Mi }',
    );
    expect(finalReplicas(play({}, average), 'app')).toBe(10);
  });
});

describe('an autoscaler on one container', () => {
  const one = (container: string) =>
    by(
      '{ type: Resource, resource: { name: cpu,',
      `{ type: ContainerResource, containerResource: { name: cpu, container: ${container},`,
    );
  const sidecar = by(
    'containers:\n        - name: app',
    'containers:\n        - { name: proxy, image: example.org/proxy }\n        - name: app',
  );
  const programs = [{ image: 'example.org/app' }, { image: 'example.org/proxy' }];
  const usage = USAGE.map((entry) => ({ ...entry, container: 'app' }));

  it('counts that container alone', () => {
    const timeline = play({ programs, usage, clients: [client(25)] }, (yaml) => sidecar(one('app')(yaml)));
    expect(finalReplicas(timeline, 'app')).toBe(3);
  });

  it.each([
    ['1.32.4', 'container nobody not present in metrics for pod shop/app-'],
    ['1.33.1', 'did not receive metrics for targeted pods (pods might be unready)'],
  ])('that pods do not have fails as in %s', (kubernetes, words) => {
    const timeline = play({ duration: '2m' }, one('nobody'), { ...PLAIN_CLUSTER, kubernetes });
    expect(conditionOf(timeline, 'app', 'ScalingActive')?.message).toContain(words);
  });

  it('needs to know the use of that one only', () => {
    expect(() => play({ programs, usage }, sidecar)).toThrow(
      /HorizontalPodAutoscaler shop\/app scales by cpu, and what container proxy of Deployment shop\/app uses of it is not known[^]*usage:\n {2}- workload: shop\/app\n {4}container: proxy/,
    );
  });
});

describe('without resource metrics', () => {
  const failing = (timeline: Timeline) => conditionOf(timeline, 'app', 'ScalingActive')?.message ?? '';

  it('the words are those of a cluster without metrics-server', () => {
    const timeline = play({ duration: '1m' }, (yaml) =>
      yaml.replace('group: metrics.k8s.io', 'group: other.k8s.io'),
    );
    expect(failing(timeline)).toContain(
      'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
    );
    expect(problemText(timeline)).toContain('no APIService of metrics.k8s.io is among the objects');
  });

  it.each<readonly [what: string, text: string, replacement: string, why: string]>([
    [
      'its Service leads nowhere',
      'targetPort: https',
      'targetPort: other',
      'has no container port "other" to lead to',
    ],
    [
      'its Service leads to another port',
      'targetPort: https',
      'targetPort: 4443',
      'metrics-server listens on 10250',
    ],
    [
      'it may not watch pods',
      'resources: [pods, nodes]',
      'resources: [nodes]',
      'metrics-server does not start: ServiceAccount kube-system/metrics-server may not list, watch pods',
    ],
    [
      'it may not ask kubelets',
      'resources: [nodes/metrics]',
      'resources: [nodes]',
      'metrics-server does not become ready: ServiceAccount kube-system/metrics-server may not get nodes/metrics',
    ],
    [
      'its pod is never ready',
      'path: /readyz, port: https',
      'path: /readyz, port: 99',
      'Service kube-system/metrics-server has no ready endpoint',
    ],
  ])('the API is unavailable, and the journal says why: %s', (_, text, replacement, why) => {
    const timeline = play({ duration: '3m' }, by(text, replacement));
    expect(failing(timeline)).toContain(
      'the server is currently unable to handle the request (get pods.metrics.k8s.io)',
    );
    expect(problemText(timeline)).toContain(why);
  });

  it('of a server that cannot ask who may ask it, the error is internal', () => {
    const timeline = play(
      { duration: '3m' },
      by('kind: ClusterRole, name: system:auth-delegator', 'kind: ClusterRole, name: none'),
    );
    expect(failing(timeline)).toContain(
      'has prevented the request from succeeding (get pods.metrics.k8s.io)',
    );
  });

  it.each([
    [
      'to the API server',
      'Egress',
      'the API server cannot be reached: egress is blocked by NetworkPolicy kube-system/closed',
    ],
    [
      'from it',
      'Ingress',
      'from the API server to metrics-server, ingress is blocked by NetworkPolicy kube-system/closed',
    ],
  ])('policies close the way %s', (_, type, why) => {
    const policy = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: kube-system }
spec: { podSelector: {}, policyTypes: [${type}] }`;
    const cluster = { ...PLAIN_CLUSTER, networkPolicyEnforced: true };
    expect(problemText(play({ duration: '3m' }, (yaml) => yaml + policy, cluster))).toContain(why);
  });

  it('policies close the way to kubelets', () => {
    const policy = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: kube-system }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 6443 }] }] }`;
    const cluster = { ...PLAIN_CLUSTER, networkPolicyEnforced: true };
    expect(problemText(play({ duration: '3m' }, (yaml) => yaml + policy, cluster))).toContain(
      'metrics-server does not become ready: kubelets cannot be reached: egress is blocked by NetworkPolicy kube-system/closed',
    );
  });
});

describe('a scenario that does not say enough, or too much', () => {
  it.each<readonly [what: string, scenario: Partial<ScenarioInput>, words: string]>([
    ['nothing', { usage: [] }, 'what container app of Deployment shop/app uses of it is not known'],
    ['memory only', { usage: [{ workload: 'shop/app', memory: '1Mi' }] }, 'scales by cpu'],
    [
      'of a stranger',
      { usage: [...USAGE, { workload: 'shop/other' }] },
      'usage of shop/other: there is no such workload',
    ],
    [
      'of a container that is not there',
      { usage: [{ workload: 'shop/app', container: 'web' }] },
      'usage of shop/app: it has no container web, only app',
    ],
  ])('is refused: %s', (_, scenario, words) => {
    expect(() => play(scenario)).toThrow(words);
  });

  it('about a server that is not metrics-server is not supported', () => {
    const other = by('registry.k8s.io/metrics-server/metrics-server:v0.9.0', 'example.org/app:1');
    expect(() => play({}, other)).toThrow(
      'not supported: metrics.k8s.io served by Deployment kube-system/metrics-server',
    );
  });
});
