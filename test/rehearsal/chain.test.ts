import { rehearse } from '../../rehearsal';
import { defineScenario } from '../../core/model';
import { ADAPTER, deployment } from '../support/chain';
import {
  appProgram,
  autoscalerOf,
  client,
  conditionOf,
  finalReplicas,
  parseYaml,
  PLAIN_CHAIN,
  PLAIN_CLUSTER,
  playPlain,
  problemText,
  valuesOf,
} from './fixture';

/** Values once the first minutes are over. */
function settled(values: readonly (number | null)[]): readonly (number | null)[] {
  return values.slice(20);
}

describe('a chain without network policies', () => {
  it('scales by the requests that the app counts', () => {
    const timeline = playPlain({ clients: [client(35)] });
    expect(finalReplicas(timeline, 'app')).toBe(4);
    expect(problemText(timeline)).not.toContain('network');
  });

  it('counts probes and scrapes of a program that counts every request', () => {
    // One readiness and one liveness probe every 5 s, and one scrape every 30 s: 0.4333 a second.
    const timeline = playPlain({ programs: [appProgram(['requests', 'probes', 'scrapes'])] }, (yaml) =>
      yaml
        .replace('scrapeInterval: 10s', 'scrapeInterval: 30s')
        .replace('[1m]', '[5m]')
        .replace(
          'periodSeconds: 5 }',
          'periodSeconds: 5 }\n          livenessProbe: { httpGet: { path: /, port: http }, periodSeconds: 5 }',
        ),
    );
    for (const value of settled(valuesOf(timeline, 'app'))) expect(value).toBeCloseTo(0.433, 2);
  });

  it('grows a series by the second', () => {
    const timeline = playPlain({ programs: [appProgram(['seconds'])] });
    expect(settled(valuesOf(timeline, 'app'))).toEqual(settled(valuesOf(timeline, 'app')).map(() => 1));
  });

  it('lists a metric at the first listing after its series, not before', () => {
    const slow = playPlain({ clients: [client(5)] }, (yaml) =>
      yaml.replace('relist-interval=1m', 'relist-interval=3m'),
    );
    const first = valuesOf(slow, 'app').findIndex((value) => value !== null);
    // The adapter starts after 4 s, lists then and 3 minutes later; the sync after that is the 13th.
    expect(autoscalerOf(slow, 'app').syncs.atMs[first]).toBe(195_012);
  });

  it('drops the series of a pod that is gone', () => {
    const timeline = playPlain({
      duration: '20m',
      clients: [
        {
          ...client(0),
          steps: [
            { at: '0s', rate: 35 },
            { at: '5m', rate: 5 },
          ],
        },
      ],
    });
    expect(finalReplicas(timeline, 'app')).toBe(1);
    expect(valuesOf(timeline, 'app').at(-1)).toBeCloseTo(5, 0);
  });

  it('keeps a kept-alive connection on one pod, whatever the size', () => {
    const timeline = playPlain({ clients: [client(15, 'keep-alive')] });
    // 15 on one pod and nothing on the others: each new pod has a series that stays at zero.
    expect(finalReplicas(timeline, 'app')).toBe(2);
    expect(valuesOf(timeline, 'app').at(-1)).toBeCloseTo(7.5, 0);
  });

  it('loses requests while no pod is there, and recovers', () => {
    const outage = { workload: 'shop/app', from: '4m', until: '6m' };
    const timeline = playPlain({ duration: '12m', clients: [client(5)], outages: [outage] });
    const [load] = timeline.loads;
    const at = (ms: number) => load?.served[load.atMs.findLastIndex((time) => time <= ms)];
    expect([at(230_000), at(300_000), at(700_000)]).toEqual([5, 0, 5]);
    expect(problemText(timeline)).toContain('no pod behind the Service is ready');
    expect(timeline.events.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['OutageBegins', 'OutageEnds']),
    );
  });

  it('forgets all samples when the Prometheus pod is lost, and finds them anew', () => {
    const outage = { workload: 'monitoring/prometheus-main', from: '4m', until: '5m' };
    const timeline = playPlain({ clients: [client(5)], outages: [outage] });
    const { atMs } = autoscalerOf(timeline, 'app').syncs;
    const values = valuesOf(timeline, 'app');
    const at = (ms: number) => values[atMs.findLastIndex((time) => time <= ms)];
    expect(at(235_000)).toBeCloseTo(5, 0);
    expect(at(270_000)).toBeNull();
    expect(at(600_000)).toBeCloseTo(5, 0);
  });

  it('a readiness probe of a port that nothing listens on keeps pods out of the Service', () => {
    const timeline = playPlain({ clients: [client(5)] }, (yaml) =>
      yaml.replace('path: /, port: http', 'path: /, port: 9999'),
    );
    expect(timeline.workloads[0]?.ready.at(-1)).toBe(0);
    expect(problemText(timeline)).toContain('its readiness probe GET / on port 9999 does not succeed');
    expect(conditionOf(timeline, 'app', 'ScalingActive')?.status).toBe('True');
  });

  it('a target that refuses the connection is down, and the monitor is named', () => {
    const timeline = playPlain({ programs: [{ ...appProgram(), path: '/other' }] });
    expect(problemText(timeline)).toMatch(/scrape app: target 10\..*: \/metrics holds no metrics/);
  });

  it('says that nothing serves CPU, in the words of a cluster without metrics-server', () => {
    const timeline = playPlain({ duration: '1m' }, (yaml) =>
      yaml.replace(
        /type: Pods\n.*/,
        'type: Resource\n      resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }',
      ),
    );
    const active = conditionOf(timeline, 'app', 'ScalingActive');
    expect(active?.reason).toBe('FailedGetResourceMetric');
    expect(active?.message).toContain(
      'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
    );
    expect(problemText(timeline)).toContain('no APIService of metrics.k8s.io is among the objects');
  });

  it('a pod that fits on no node waits, and the scheduler says why', () => {
    const timeline = playPlain({ duration: '1m' }, (yaml) =>
      yaml.replace(
        'image: example.org/app:1',
        "image: example.org/app:1\n          resources: { requests: { cpu: '16' } }",
      ),
    );
    expect(timeline.workloads[0]?.ready.at(-1)).toBe(0);
    expect(problemText(timeline)).toContain('0/2 nodes are available: 2 Insufficient cpu.');
  });

  it('schedules a pod that had to wait as soon as others make room', () => {
    const big = (yaml: string) =>
      yaml.replace(
        'image: example.org/app:1',
        "image: example.org/app:1\n          resources: { requests: { cpu: '3' } }",
      );
    const other =
      PLAIN_CHAIN.split('---').find((document) =>
        document.includes(
          'name: app, namespace: shop }\nspec:\n  selector: { matchLabels: { app: app } }\n  template',
        ),
      ) ?? '';
    const rival = `---${other.replaceAll('app: app', 'app: rival').replace('name: app, namespace', 'name: rival, namespace')}`;
    const outages = [{ workload: 'shop/rival', from: '2m', until: '3m' }];
    // Two nodes take one big pod each: two rivals leave no room, until they are gone.
    const timeline = playPlain(
      { duration: '5m', outages },
      (yaml) =>
        big(rival.replace('spec:\n  selector', 'spec:\n  replicas: 2\n  selector')).slice(4) +
        '---' +
        big(yaml),
    );
    const [app] = timeline.workloads;
    const readyAt = (ms: number) => app?.ready[app.atMs.findLastIndex((time) => time <= ms)];
    expect([readyAt(119_000), readyAt(150_000)]).toEqual([0, 1]);
  });

  it('moves a label of the app that a target label has too out of the way, unless told to honour it', () => {
    const program = appProgram(['seconds']);
    const series = (program.series ?? []).map((one) => ({ ...one, labels: { pod: 'mine' } }));
    const scenario = { programs: [{ ...program, series }] };
    expect(valuesOf(playPlain(scenario), 'app').at(-1)).toBe(1);
    const honoured = playPlain(scenario, (yaml) =>
      yaml.replace('[{ port: http }] }', '[{ port: http, honorLabels: true }] }'),
    );
    expect(valuesOf(honoured, 'app').every((value) => value === null)).toBe(true);
  });

  it('applies metric relabelling', () => {
    const dropped = playPlain({ clients: [client(5)] }, (yaml) =>
      yaml.replace(
        '[{ port: http }] }',
        '[{ port: http, metricRelabelings: [{ sourceLabels: [__name__], regex: http_.*, action: drop }] }] }',
      ),
    );
    expect(valuesOf(dropped, 'app').every((value) => value === null)).toBe(true);
    expect(problemText(dropped)).toContain('no series is selected');
  });

  it('is served by another pod of the adapter that runs when the one that served is preempted', () => {
    const requests = 'resources: { requests: { cpu: 3 } }';
    const urgent = `---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: urgent }
value: 1000
---
${deployment('shop', 'urgent', `priorityClassName: urgent\ncontainers: [{ name: main, image: example.org/app, ${requests} }]`)}
`;
    const timeline = playPlain(
      { clients: [client(5)], outages: [{ workload: 'shop/urgent', from: '0s', until: '5m' }] },
      (yaml) =>
        yaml.replace(
          ADAPTER,
          ADAPTER.replace('spec:\n', 'spec:\n  replicas: 2\n').replace(/( +)args:/, `$1${requests}\n$1args:`),
        ) + urgent,
      { nodes: [{ role: 'worker', count: 2, cpu: '4', memory: '8Gi', pods: 110 }] },
    );
    const preempted = timeline.events.filter(({ reason }) => reason === 'Preempted');
    expect(preempted.map(({ object }) => object)).toEqual([
      expect.stringMatching(/^Pod monitoring\/adapter-/),
    ]);
    expect(problemText(timeline)).not.toContain('the adapter does not run');
    expect(valuesOf(timeline, 'app').at(-1)).toBeCloseTo(5, 0);
  });

  it('says so when a rule asks for a series whose values are not modelled', () => {
    const agent = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { hubble-metrics: httpV2 }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: cilium, namespace: kube-system }
spec:
  selector: { matchLabels: { app: cilium } }
  template:
    metadata: { labels: { app: cilium } }
    spec: { hostNetwork: true, containers: [{ name: agent, image: 'quay.io/cilium/cilium:v1.20.0' }] }
`;
    const timeline = playPlain({ duration: '1m' }, (yaml) =>
      (yaml + agent).replace(
        'http_requests_total{namespace',
        'hubble_http_request_duration_seconds{namespace',
      ),
    );
    expect(problemText(timeline)).toContain(
      'rules[0] asks for hubble_http_request_duration_seconds, whose values are not modelled',
    );
  });

  it('restarts a container that ends, later each time', () => {
    const pod = `
containers:
  - name: vegeta
    image: plimsoll/load-test:1
    args: [sh, -c, 'echo "GET http://app/" | vegeta attack -rate=20 -duration=10s']`;
    const generator = `---\n${deployment('shop', 'load', pod)}\n`;
    const timeline = playPlain({ duration: '2m' }, (yaml) => yaml + generator);
    const ends = timeline.events.filter(({ reason }) => reason === 'Completed').map(({ atMs }) => atMs);
    expect(ends).toEqual([14_000, 34_000, 64_000, 114_000]);
    const [load] = timeline.loads;
    expect(load).toMatchObject({ name: 'shop/load', target: 'shop/app:80' });
    const sentAt = (ms: number) => load?.sent[load.atMs.findLastIndex((time) => time <= ms)];
    expect([sentAt(5000), sentAt(20_000), sentAt(30_000)]).toEqual([20, 0, 20]);
  });

  it('balances single requests where the cluster does, kept-alive connections or not', () => {
    const timeline = rehearse({
      name: 'plain',
      objects: parseYaml(PLAIN_CHAIN),
      cluster: { ...PLAIN_CLUSTER, serviceBalancing: 'request' },
      scenario: defineScenario(
        { duration: '10m', noise: false, programs: [appProgram()], clients: [client(35, 'keep-alive')] },
        'test',
      ),
    });
    expect(finalReplicas(timeline, 'app')).toBe(4);
  });
});

describe('input that cannot be rehearsed', () => {
  const play = (yaml: string, scenario = {}) =>
    rehearse({
      name: 'bad',
      objects: parseYaml(yaml),
      cluster: PLAIN_CLUSTER,
      scenario: defineScenario({ duration: '1m', programs: [appProgram()], ...scenario }, 'test'),
    });

  it('an unknown image: the YAML to add is shown', () => {
    expect(() => play(PLAIN_CHAIN, { programs: [] })).toThrow(
      /Deployment shop\/app: what image example\.org\/app does is not known[^]*programs:\n {2}- image: example\.org\/app\n {4}port: http/,
    );
  });

  it('an expectation of an autoscaler that is not there: those that are there are listed', () => {
    expect(() => play(PLAIN_CHAIN, { expect: [{ autoscaler: 'shop/other', neverAbove: 3 }] })).toThrow(
      'expectation of shop/other: there is no such HorizontalPodAutoscaler; there are shop/app',
    );
  });

  it('a load of a workload that sends nothing', () => {
    expect(() => play(PLAIN_CHAIN, { load: [{ generator: 'shop/app', rate: 1 }] })).toThrow(
      'load of shop/app: no workload of that name sends requests; those that do: none',
    );
  });

  it('an outage of a workload that is not there', () => {
    const outages = [{ workload: 'shop/other', from: '10s', until: '20s' }];
    expect(() => play(PLAIN_CHAIN, { outages })).toThrow('outage of shop/other: there is no such workload');
  });

  it('an autoscaler that the API server would refuse', () => {
    expect(() => play(PLAIN_CHAIN.replace('maxReplicas: 10', 'maxReplicas: 0'))).toThrow(
      /HorizontalPodAutoscaler shop\/app: spec\.maxReplicas/,
    );
  });

  it('a ScaledObject of a workload that has an autoscaler', () => {
    const scaledObject = `${PLAIN_CHAIN}---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: app, namespace: shop }
spec: { scaleTargetRef: { name: app }, triggers: [{ type: cron, metadata: {} }] }
`;
    expect(() => play(scaledObject)).toThrow(
      "ScaledObject shop/app: the workload 'app' of type 'apps/v1.Deployment' is already managed by the hpa 'app'",
    );
  });
});
