import { parseObject, type KubeObject } from '../../core/kube/object';
import { autoscalerOf, conditionOf, finalReplicas, playKind, problemText, valuesOf } from './fixture';

/** The objects with one of them changed as text. */
function edit(kind: string, name: string, change: (json: string) => string) {
  return (objects: KubeObject[]): KubeObject[] =>
    objects.map((object) =>
      object.kind === kind && object.metadata.name === name
        ? parseObject(JSON.parse(change(JSON.stringify(object))), 'edited')
        : object,
    );
}

function without(kind: string, name: string) {
  return (objects: KubeObject[]): KubeObject[] =>
    objects.filter((object) => object.kind !== kind || object.metadata.name !== name);
}

/** The adapter with upstream's image, and without the section of the file that upstream does not know. */
function behindUpstream(kind: 'Deployment' | 'ConfigMap') {
  return kind === 'Deployment'
    ? edit(kind, 'custom-metrics-apiserver', (json) =>
        json.replace(
          /plimsoll\/adapter:[^"]*/,
          'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0',
        ),
      )
    : edit(kind, 'custom-metrics-apiserver-config', (json) => json.replace(/plimsoll:(\\n {2,}[^\\]*)+/, ''));
}

describe('the kind stack', () => {
  const run = playKind();

  it('A1, A2: settles at 2 and 5 replicas under 50 requests a second', () => {
    expect(finalReplicas(run, 'backend-1')).toBe(2);
    expect(finalReplicas(run, 'backend-2')).toBe(5);
  });

  it('A1: comes down to 2 from 3, if requests are spread evenly', () => {
    const timeline = playKind(
      {},
      { duration: '15m', noise: false },
      edit('Deployment', 'backend-1', (json) => json.replace('"spec":{', '"spec":{"replicas":3,')),
    );
    expect(timeline.workloads.find(({ name }) => name === 'backend-1')?.pods[0]).toBe(3);
    expect(finalReplicas(timeline, 'backend-1')).toBe(2);
  });

  it('A3: settles at 4 and 10 when both sides report and the query does not ask who', () => {
    const timeline = playKind({ policySides: 'both', reporter: 'any' });
    expect(finalReplicas(timeline, 'backend-1')).toBe(4);
    expect(finalReplicas(timeline, 'backend-2')).toBe(10);
  });

  it('A3: counts once when both sides report and the query takes the server', () => {
    const timeline = playKind({ policySides: 'both', reporter: 'server' });
    expect(finalReplicas(timeline, 'backend-1')).toBe(2);
    expect(finalReplicas(timeline, 'backend-2')).toBe(5);
  });

  it('A4: does not know the metric and changes nothing before there is traffic', () => {
    const timeline = playKind(
      {},
      {
        duration: '5m',
        load: [
          { generator: 'load-test/load-test-1', rate: 0 },
          { generator: 'load-test/load-test-2', rate: 0 },
        ],
      },
    );
    expect(finalReplicas(timeline, 'backend-1')).toBe(1);
    expect(new Set(valuesOf(timeline, 'backend-1'))).toEqual(new Set([null]));
    expect(conditionOf(timeline, 'backend-1', 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetPodsMetric',
    });
    expect(autoscalerOf(timeline, 'backend-1').syncs.desired.every((desired) => desired === 0)).toBe(true);
  });

  it('A5: a pod without series damps scaling up and blocks scaling down', () => {
    // One connection that is kept leaves the second pod without a request, and so without series.
    const keptAlive = edit('Deployment', 'load-test-1', (json) =>
      json.replace('-keepalive=false', '-keepalive=true'),
    );
    const load = [{ generator: 'load-test/load-test-1', at: '6m', rate: 20 }];
    const timeline = playKind({}, { duration: '20m', load }, keptAlive);
    const { syncs, decisions } = autoscalerOf(timeline, 'backend-1');
    // 50 a second on one pod, with 0 on the other, is the target of 25 on average; 20 with the target of 25 is 0.9 of it.
    expect(decisions.flatMap(({ to }) => to ?? [])).toEqual([2]);
    expect(syncs.replicas.at(-1)).toBe(2);
    expect(valuesOf(timeline, 'backend-1').at(-1)).toBeCloseTo(20, 0);
  });

  it('A6: stays where it is under a constant load', () => {
    const day = playKind({}, { duration: '4h' });
    const changes = autoscalerOf(day, 'backend-2').decisions.filter(({ to }) => to !== undefined);
    expect(changes.every(({ from, to }) => (to ?? 0) > from)).toBe(true);
    expect(finalReplicas(day, 'backend-1')).toBe(2);
    expect(finalReplicas(day, 'backend-2')).toBe(5);
    for (const value of valuesOf(day, 'backend-2').slice(40)) {
      expect(value).toBeGreaterThan(9);
      expect(value).toBeLessThan(11);
    }
  });

  it('knows the metric once its series was scraped twice, without waiting for a listing', () => {
    const first = valuesOf(run, 'backend-1').findIndex((value) => value !== null);
    expect(autoscalerOf(run, 'backend-1').syncs.atMs[first]).toBe(30_001);
  });

  it('behind prometheus-adapter knows the metric 70 to 90 seconds after the start', () => {
    const upstream = playKind({}, { duration: '3m' }, (objects) =>
      behindUpstream('Deployment')(behindUpstream('ConfigMap')(objects)),
    );
    const first = valuesOf(upstream, 'backend-1').findIndex((value) => value !== null);
    const at = autoscalerOf(upstream, 'backend-1').syncs.atMs[first];
    expect(at).toBeGreaterThanOrEqual(70_000);
    expect(at).toBeLessThanOrEqual(90_000);
  });

  it('syncs first after a period, and then every period and a little', () => {
    expect(autoscalerOf(run, 'backend-1').syncs.atMs.slice(0, 3)).toEqual([15_000, 30_001, 45_002]);
  });

  it('gives the same timeline for the same seed, and another for another', () => {
    expect(playKind({}, { seed: 7, duration: '5m' })).toEqual(playKind({}, { seed: 7, duration: '5m' }));
    expect(valuesOf(playKind({}, { seed: 8, duration: '5m' }), 'backend-2')).not.toEqual(
      valuesOf(playKind({}, { seed: 7, duration: '5m' }), 'backend-2'),
    );
  });

  it('spreads evenly without noise', () => {
    const values = valuesOf(playKind({}, { noise: false }), 'backend-2').slice(20);
    for (const value of values) expect(Math.abs((value ?? 0) - 10)).toBeLessThan(0.2);
  });
});

describe('a link of the kind stack that is cut', () => {
  it('port renamed in the hubble-metrics Service: unknown, and the monitor is named', () => {
    const timeline = playKind(
      {},
      { duration: '4m' },
      edit('Service', 'hubble-metrics', (json) =>
        json.replace('"name":"hubble-metrics","port"', '"name":"renamed","port"'),
      ),
    );
    expect(valuesOf(timeline, 'backend-1').every((value) => value === null)).toBe(true);
    expect(problemText(timeline)).toMatch(/discovery .*has no port named "hubble-metrics"; it has renamed/);
    expect(conditionOf(timeline, 'backend-1', 'ScalingActive')?.reason).toBe('FailedGetPodsMetric');
  });

  it('port renamed in the backend Service: no requests arrive, and the port is named', () => {
    const timeline = playKind(
      {},
      { duration: '4m' },
      edit('Service', 'backend-1', (json) => json.replace('"targetPort":"http"', '"targetPort":"web"')),
    );
    expect(timeline.loads.find(({ target }) => target.includes('backend-1'))?.served.at(-1)).toBe(0);
    expect(problemText(timeline)).toContain('no container port is called "web"');
  });

  it.each([
    [
      'custom-metrics',
      'ingress',
      /API server to the adapter/,
      /unable to handle the request \(get pods\.custom\.metrics\.k8s\.io \*\)/,
    ],
    [
      'custom-metrics',
      'egress',
      /the adapter does not start: the API server cannot be reached: egress is blocked/,
      /unable to handle the request/,
    ],
    [
      'backend',
      'ingress',
      /requests to backend\/backend-1:8080: ingress is blocked/,
      /no metrics returned from custom metrics API/,
    ],
    [
      'load-test',
      'egress',
      /requests to backend\/backend-1:8080: .*egress is blocked/,
      /no metrics returned from custom metrics API/,
    ],
    [
      'cilium-monitoring',
      'egress',
      /no Prometheus is made: the API server cannot be reached: egress/,
      /unable to fetch metrics: Prometheus is unavailable/,
    ],
  ] as const)(
    'everything denied in %s, %s: unknown, and the hop is named',
    (namespace, direction, problem, message) => {
      const closed: KubeObject = {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'closed', namespace },
        spec: {
          endpointSelector: {},
          [`${direction}Deny`]: [
            direction === 'ingress' ? { fromEntities: ['all'] } : { toEntities: ['all'] },
          ],
        },
      };
      const timeline = playKind({}, { duration: '4m' }, (objects) => [...objects, closed]);
      expect(valuesOf(timeline, 'backend-1').every((value) => value === null)).toBe(true);
      expect(problemText(timeline)).toMatch(problem);
      const active = conditionOf(timeline, 'backend-1', 'ScalingActive');
      expect(active?.status).toBe('False');
      expect(active?.message).toMatch(message);
    },
  );

  it('APIServices missing: the API is not registered', () => {
    const timeline = playKind({}, { duration: '2m' }, (objects) =>
      objects.filter(({ kind }) => kind !== 'APIService'),
    );
    expect(conditionOf(timeline, 'backend-1', 'ScalingActive')?.message).toContain(
      'no custom metrics API (custom.metrics.k8s.io) registered',
    );
  });

  it('operator missing: nothing makes a Prometheus', () => {
    const timeline = playKind({}, { duration: '2m' }, without('Deployment', 'prometheus-operator'));
    expect(problemText(timeline)).toContain('no workload among the objects runs the Prometheus Operator');
  });

  it('scale target missing: the scale cannot be read', () => {
    const timeline = playKind({}, { duration: '1m' }, without('Deployment', 'backend-1'));
    expect(conditionOf(timeline, 'backend-1', 'AbleToScale')?.message).toContain(
      'deployments.apps "backend-1" not found',
    );
  });
});

describe('outages of the kind stack', () => {
  it('without the adapter the metric is unknown and the size stays; afterwards it is known again', () => {
    const outage = { workload: 'custom-metrics/custom-metrics-apiserver', from: '5m', until: '8m' };
    const timeline = playKind({}, { duration: '15m', outages: [outage] });
    const { atMs } = autoscalerOf(timeline, 'backend-2').syncs;
    const values = valuesOf(timeline, 'backend-2');
    const during = values.filter((_, index) => (atMs[index] ?? 0) > 301_000 && (atMs[index] ?? 0) < 480_000);
    expect(during.length).toBeGreaterThan(5);
    expect(during.every((value) => value === null)).toBe(true);
    expect(values.at(-1)).not.toBeNull();
    expect(finalReplicas(timeline, 'backend-2')).toBe(5);
  });
});
