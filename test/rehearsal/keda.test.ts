import { NotSupportedError } from '../../core/errors';
import { rehearse } from '../../rehearsal';
import { TEST_CLUSTER } from '../support/cluster';
import { defineScenario } from '../../core/model';
import { autoscalerOf, conditionOf, parseYaml, problemText, valuesOf } from './fixture';
import { KEDA_CHAIN, KEDA_PROGRAMS } from '../support/keda';
import { burst, MADE, playKeda, replicasAt } from './keda-fixture';

/** Replaces text that has to be there. */
function changing(...edits: readonly (readonly [from: string, to: string])[]) {
  return (yaml: string) =>
    edits.reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`the chain does not contain ${from}`);
      return text.replace(from, () => to);
    }, yaml);
}

function without(name: string) {
  return (yaml: string) =>
    yaml
      .split('\n---\n')
      .filter((document) => !document.includes(`metadata: { name: ${name}`))
      .join('\n---\n');
}

const QUERY = 'sum(rate(http_server_requests_seconds_count{uri="/api"}[1m]))';

describe('100 requests a second wanted per pod, 2 to 10 pods', () => {
  it('250 requests a second for 180 s: from 2 to 3, and stable there', () => {
    const timeline = playKeda({ duration: '6m', clients: [burst(250, '3m')] });
    expect(problemText(timeline)).toBe('');
    expect(replicasAt(timeline, 179_000)).toBe(2);
    expect(replicasAt(timeline, 300_000)).toBe(3);
    expect(valuesOf(timeline, MADE).at(-1)).toBe(83.334);
    const sizes = timeline.workloads.find(({ name }) => name === 'api')?.pods ?? [];
    expect(Math.max(...sizes)).toBe(3);
  });

  it('a burst of 200 requests changes nothing', () => {
    const timeline = playKeda({ duration: '6m', clients: [burst(100, '3m', '182s')] });
    expect(Math.max(...valuesOf(timeline, MADE).map((value) => value ?? 0))).toBeGreaterThan(0);
    expect(replicasAt(timeline, 360_000)).toBe(2);
  });

  it.each([
    [215, 2],
    [221, 3],
  ])('%i requests a second: %i pods, for the tolerance is a tenth', (rate, pods) => {
    const timeline = playKeda({ clients: [burst(rate, '0s')] });
    expect(replicasAt(timeline, 600_000)).toBe(pods);
  });

  it('when the load ends, 3 become 2 after the 300 s of the autoscaler', () => {
    const timeline = playKeda({ duration: '13m', clients: [burst(250, '3m', '6m')] });
    const { atMs } = autoscalerOf(timeline, MADE).syncs;
    const lastOfThree = atMs.findLast(
      (_, index) => Math.ceil(((valuesOf(timeline, MADE)[index] ?? 0) * 3) / 100) >= 3,
    );
    const down = autoscalerOf(timeline, MADE).decisions.find(({ from, to }) => from === 3 && to === 2);
    expect((down?.atMs ?? 0) - (lastOfThree ?? 0)).toBeGreaterThan(299_000);
    expect((down?.atMs ?? 0) - (lastOfThree ?? 0)).toBeLessThan(330_000);
  });

  it('without Prometheus the size stays, and the autoscaler says that it does not scale', () => {
    const outages = [{ workload: 'monitoring/prometheus-main', from: '6m', until: '30m' }];
    const timeline = playKeda({ duration: '20m', clients: [burst(250, '0s', '7m')], outages });
    expect(replicasAt(timeline, 1_200_000)).toBe(3);
    expect(conditionOf(timeline, MADE, 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetExternalMetric',
    });
    expect(conditionOf(timeline, MADE, 'ScalingActive')?.message).toContain(
      'unable to fetch metrics from external metrics API: rpc error: code = Unknown desc = error when getting metric values metric:s0-prometheus encountered error',
    );
    expect(problemText(timeline)).toContain('no pod behind the Service is ready');
    expect(timeline.events.map(({ reason }) => reason)).toContain('KEDAScalerFailed');
  });

  it('a series that is not there yet counts as 0', () => {
    const timeline = playKeda({ duration: '3m' }, changing(['uri="/api"', 'uri="/other"']));
    expect(new Set(valuesOf(timeline, MADE))).toEqual(new Set([0]));
    expect(conditionOf(timeline, MADE, 'ScalingActive')?.status).toBe('True');
    expect(replicasAt(timeline, 180_000)).toBe(2);
  });
});

describe('the autoscaler that KEDA makes', () => {
  const expectations = (autoscaler: string) => ({
    duration: '5m',
    clients: [burst(250, '0s')],
    expect: [{ autoscaler, replicasAt: { '5m': 3 }, neverAbove: 3 }],
  });

  it.each([`shop/${MADE}`, 'shop/api-scaler'])('is expected by the name %s', (name) => {
    const timeline = playKeda(expectations(name));
    expect(timeline.outcomes.map(({ met }) => met)).toEqual([true, true]);
  });

  it('appears when the operator is ready, and is synced from then on', () => {
    const timeline = playKeda({ duration: '2m' });
    // 2 s to start, 20 s until the first probe, 1 s to reconcile; the first sync a period later.
    const ready = timeline.events.find(({ reason }) => reason === 'ScaledObjectReady');
    expect(autoscalerOf(timeline, MADE).syncs.atMs[0]).toBe((ready?.atMs ?? 0) + 15_000);
  });

  it('is named among those that are known', () => {
    expect(() => playKeda(expectations('shop/other'))).toThrow(
      `expectation of shop/other: there is no such HorizontalPodAutoscaler; there are shop/${MADE}`,
    );
  });

  it.each([
    [
      'without the operator',
      without('keda-operator, namespace'),
      'no workload among the objects runs the operator of KEDA',
    ],
    [
      'where the operator watches other namespaces',
      changing(["name: WATCH_NAMESPACE, value: ''", "name: WATCH_NAMESPACE, value: 'a,b'"]),
      'the operator does not watch namespace shop',
    ],
    [
      'where the operator may not',
      changing(['resources: [horizontalpodautoscalers]', 'resources: [jobs]']),
      'ServiceAccount monitoring/keda-operator may not list, watch horizontalpodautoscalers.autoscaling',
    ],
    [
      'of a trigger that cannot be built',
      changing(["        threshold: '100'\n", '']),
      'error parsing prometheus metadata: missing required parameter "threshold" in [triggerMetadata]',
    ],
    ['with a target of 0', changing(["threshold: '100'", "threshold: '-1'"]), 'must be positive'],
    [
      'of a workload that is not there',
      changing(['name: api }\n  min', 'name: apo }\n  min']),
      'deployments.apps "apo" not found',
    ],
  ])('is not made %s, and the expectation is not met', (_what, change, why) => {
    const timeline = playKeda(expectations('shop/api-scaler'), change);
    expect(timeline.autoscalers).toEqual([]);
    expect(timeline.outcomes).toEqual([
      { expectation: 'shop/api-scaler: the autoscaler is made', met: false, actual: 'nothing made it' },
    ]);
    expect(problemText(timeline)).toContain(why);
  });

  it('stays while the operator is gone, without values, and gets them again', () => {
    const outages = [{ workload: 'monitoring/keda-operator', from: '3m', until: '5m' }];
    const timeline = playKeda({ duration: '8m', clients: [burst(250, '0s')], outages });
    const { atMs } = autoscalerOf(timeline, MADE).syncs;
    const at = (ms: number) => valuesOf(timeline, MADE)[atMs.findLastIndex((time) => time <= ms)];
    expect([at(240_000), at(470_000)]).toEqual([null, 83.334]);
    expect(replicasAt(timeline, 480_000)).toBe(3);
    expect(timeline.autoscalers).toHaveLength(1);
    expect(timeline.events.map(({ message }) => message).join()).toContain(
      'external metrics API: Timeout: request did not complete within the allotted timeout',
    );
  });
});

describe('the external metrics API', () => {
  const messageOf = (change: (yaml: string) => string) => {
    const timeline = playKeda({ duration: '2m' }, change);
    return {
      condition: conditionOf(timeline, MADE, 'ScalingActive')?.message,
      problems: problemText(timeline),
    };
  };

  it.each([
    [
      'without APIService',
      without('v1beta1.external'),
      'the server could not find the requested resource (get s0-prometheus.external.metrics.k8s.io)',
      'no APIService of external.metrics.k8s.io is among the objects',
    ],
    [
      'to a port that does not listen',
      changing(['targetPort: 6443', 'targetPort: 8080']),
      'the server is currently unable to handle the request (get s0-prometheus.external.metrics.k8s.io)',
      'leads to port 8080, and the metrics API server of KEDA listens on 6443',
    ],
    [
      'of a server whose port is no number',
      changing(['--secure-port=6443', '--secure-port=https']),
      'the server is currently unable to handle the request (get s0-prometheus.external.metrics.k8s.io)',
      'container keda-metrics: --secure-port=https must be a whole number from 0 to 65535',
    ],
    [
      'without a role to look callers up',
      without('keda-delegator'),
      'subjectaccessreviews.authorization.k8s.io is forbidden',
      'refuses everybody: ServiceAccount monitoring/keda-metrics may not create',
    ],
    [
      'without the Service of the operator',
      changing(['--metrics-service-address=keda-operator', '--metrics-service-address=operator']),
      'Timeout: request did not complete within the allotted timeout',
      'the operator of KEDA at monitoring/operator:9666: Service monitoring/operator does not exist',
    ],
    [
      'where the Service of the operator leads to another port',
      changing(['port: 9666, targetPort: 9666', 'port: 9666, targetPort: 9667']),
      'Timeout: request did not complete within the allotted timeout',
      'the operator of KEDA at monitoring/keda-operator:9666: nothing of it listens on port 9667 of Pod',
    ],
    [
      'with a query of several elements',
      changing([QUERY, 'sum by (pod) (up)']),
      'metric:s0-prometheus encountered error',
      'prometheus query sum by (pod) (up) returned multiple elements',
    ],
    [
      'with a query that gives a number',
      changing([QUERY, 'scalar(vector(1))']),
      'metric:s0-prometheus encountered error',
      'json: cannot unmarshal number into Go struct field .data.result',
    ],
    [
      'with an empty result that is an error',
      changing(
        [QUERY, 'sum(nothing)'],
        ["threshold: '100'", "threshold: '100'\n        ignoreNullValues: 'false'"],
      ),
      'metric:s0-prometheus encountered error',
      "prometheus metrics 'prometheus' target may be lost, the result is empty",
    ],
    [
      'with a query that is none',
      changing([QUERY, 'sum(']),
      'metric:s0-prometheus encountered error',
      'prometheus query api returned error. status: 400',
    ],
    [
      'with a Prometheus outside',
      changing(['http://prometheus.monitoring.svc.cluster.local:9090', 'https://prometheus.example.org']),
      'metric:s0-prometheus encountered error',
      'https://prometheus.example.org leads out of the cluster',
    ],
  ])('%s', (_what, change, condition, problem) => {
    const found = messageOf(change);
    expect(found.condition).toContain(condition);
    expect(found.problems).toContain(problem);
    expect(found.problems).not.toContain('undefined');
  });

  it('belongs to the later of two APIServices of one name', () => {
    const rival = `---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.external.metrics.k8s.io }
spec: { group: external.metrics.k8s.io, version: v1beta1, service: { name: prometheus, namespace: monitoring, port: 9090 } }
`;
    const timeline = playKeda({ duration: '2m' }, (yaml) => yaml + rival);
    expect(new Set(valuesOf(timeline, MADE))).toEqual(new Set([null]));
  });

  it('is cut off by network policies, and the one that does it is named', () => {
    const deny = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: monitoring }
spec: { podSelector: { matchLabels: { app: keda-operator } }, policyTypes: [Ingress] }
`;
    const timeline = rehearse({
      name: 'keda',
      objects: parseYaml(KEDA_CHAIN + deny),
      cluster: TEST_CLUSTER,
      scenario: defineScenario({ duration: '2m', programs: KEDA_PROGRAMS }, 'test'),
    });
    expect(problemText(timeline)).toContain(
      'the operator of KEDA at monitoring/keda-operator:9666: ingress is blocked by NetworkPolicy monitoring/closed',
    );
  });
});

describe('a ScaledObject that may go to zero', () => {
  const ZERO = changing(
    ['minReplicaCount: 2', 'pollingInterval: 10\n  cooldownPeriod: 60\n  minReplicaCount: 0'],
    [QUERY, 'vector((time() > bool 120) * (time() < bool 300) * 50)'],
  );

  it('is idle, active, and idle again after the cooldown', () => {
    const timeline = playKeda({ duration: '8m' }, ZERO);
    const events = timeline.events.filter(({ source }) => source === 'keda-operator');
    expect(events.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      'ScaledObjectReady: ScaledObject is ready for scaling',
      'KEDAScaleTargetDeactivated: Deactivated apps/v1.Deployment shop/api from 1 to 0',
      'KEDAScaleTargetActivated: Scaled apps/v1.Deployment shop/api from 0 to 1, triggered by s0-prometheus',
      'KEDAScaleTargetDeactivated: Deactivated apps/v1.Deployment shop/api from 1 to 0',
    ]);
    const [, , up, down] = events.map(({ atMs }) => atMs);
    expect(up).toBe(125_000);
    // Last seen active at 295 s; the cooldown of 60 s is over at the look after 355 s.
    expect(down).toBe(365_000);
    expect(conditionOf(timeline, MADE, 'ScalingActive')?.reason).toBe('ScalingDisabled');
  });

  it('stays idle while no operator looks at it', () => {
    const outages = [{ workload: 'monitoring/keda-operator', from: '100s', until: '3m' }];
    const timeline = playKeda({ duration: '5m', outages }, ZERO);
    expect(replicasAt(timeline, 90_000)).toBe(0);
    expect(replicasAt(timeline, 195_000)).toBe(0);
    expect(replicasAt(timeline, 250_000)).toBe(1);
  });

  it('is never idle by CPU alone, which cannot tell that there is nothing to do', () => {
    const onCpu = (yaml: string) =>
      changing(['minReplicaCount: 2', 'minReplicaCount: 1\n  idleReplicaCount: 0'])(yaml)
        .replace(/^( *)image: example.org.*$/m, '$&\n$1resources: { requests: { cpu: 100m } }')
        .replace(
          /- type: prometheus[^]*$/,
          "- { type: cpu, metricType: Utilization, metadata: { value: '50' } }\n",
        );
    const usage = [{ workload: 'shop/api', cpu: { idle: '1m', perRequest: '1ms' } }];
    const timeline = playKeda({ duration: '8m', usage }, onCpu);
    expect(replicasAt(timeline, 470_000)).toBe(1);
    expect(timeline.events.map(({ reason }) => reason)).not.toContain('KEDAScaleTargetDeactivated');
  });

  it('stays idle while the value is not above the activation threshold', () => {
    const timeline = playKeda({ duration: '8m' }, (yaml) =>
      changing(["threshold: '100'", "threshold: '100'\n        activationThreshold: '50'"])(ZERO(yaml)),
    );
    expect(replicasAt(timeline, 280_000)).toBe(0);
  });
});

describe('what is not modelled', () => {
  it.each([
    ['type: prometheus', 'type: kafka', 'with a trigger of type kafka'],
    [
      'spec:\n  scaleTargetRef: { name: api }',
      'spec:\n  fallback: { failureThreshold: 3, replicas: 6 }\n  scaleTargetRef: { name: api }',
      'with spec.fallback',
    ],
    [
      'type: prometheus\n',
      'type: prometheus\n      useCachedMetrics: true\n',
      'with useCachedMetrics of spec.triggers[0]',
    ],
  ])('%s', (from, to, what) => {
    expect(() => playKeda({}, changing([from, to]))).toThrow(NotSupportedError);
    expect(() => playKeda({}, changing([from, to]))).toThrow(`ScaledObject shop/api-scaler ${what}`);
  });
});
