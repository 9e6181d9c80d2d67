import { parseAllDocuments } from 'yaml';
import { parseObject, type KubeObject } from '../../core/kube/object';
import {
  allObjects,
  defineScenario,
  type ClusterDescriptor,
  type ScenarioInput,
  type Timeline,
} from '../../core/model';
import { rehearse } from '../../rehearsal';
import { kind } from '../../stacks/kind';
import { synthesize } from '../../synth';
import {
  ADAPTER,
  adapterAccess,
  clusterRoleBinding,
  deployment,
  OPERATOR,
  PROMETHEUS_SERVICE,
  serviceAccount,
} from '../support/chain';
import { TEST_CLUSTER } from '../support/cluster';

/** A cluster whose network enforces nothing. */
export const PLAIN_CLUSTER: ClusterDescriptor = {
  ...TEST_CLUSTER,
  provider: 'existing',
  name: 'plain',
  cni: 'other',
  networkPolicyEnforced: false,
  kubeProxy: true,
};

export function parseYaml(text: string): KubeObject[] {
  return parseAllDocuments(text).map((document) => parseObject(document.toJS(), 'fixture'));
}

const APP = deployment(
  'shop',
  'app',
  `
containers:
  - name: app
    image: example.org/app:1
    ports: [{ name: http, containerPort: 8080 }]
    readinessProbe: { httpGet: { path: /, port: http }, periodSeconds: 5 }`,
);

/** A small chain: one app that counts its requests itself, and all that scales it by them. */
export const PLAIN_CHAIN = `
${serviceAccount('operator')}
---
${serviceAccount('prometheus')}
---
${serviceAccount('adapter')}
---
${OPERATOR}
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: main, namespace: monitoring }
spec:
  serviceAccountName: prometheus
  scrapeInterval: 10s
  serviceMonitorSelector: {}
  serviceMonitorNamespaceSelector: {}
---
${PROMETHEUS_SERVICE}
---
${APP}
---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: shop, labels: { app: app } }
spec: { selector: { app: app }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: app, namespace: shop }
spec: { selector: { matchLabels: { app: app } }, endpoints: [{ port: http }] }
---
${ADAPTER}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: adapter-rules, namespace: monitoring }
data:
  config.yaml: |
    rules:
      - seriesQuery: 'http_requests_total{namespace!="",pod!=""}'
        resources: { overrides: { namespace: { resource: namespace }, pod: { resource: pod } } }
        name: { matches: '^(.*)_total$', as: '\${1}_per_second' }
        metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)'
---
apiVersion: v1
kind: Service
metadata: { name: adapter, namespace: monitoring }
spec: { selector: { app: adapter }, ports: [{ port: 443, targetPort: 6443 }] }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta2.custom.metrics.k8s.io }
spec:
  group: custom.metrics.k8s.io
  version: v1beta2
  service: { name: adapter, namespace: monitoring }
---
${clusterRoleBinding('operator', 'cluster-admin', 'operator')}
---
${clusterRoleBinding('prometheus', 'view', 'prometheus')}
---
${adapterAccess('pods')}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: app, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: app }
  minReplicas: 1
  maxReplicas: 10
  metrics:
    - type: Pods
      pods: { metric: { name: http_requests_per_second }, target: { type: AverageValue, averageValue: 10 } }
`;

/** What the app of the small chain does: it counts requests, and what else the test says. */
export function appProgram(
  growsWith: ('requests' | 'probes' | 'scrapes' | 'seconds')[] = ['requests'],
): NonNullable<ScenarioInput['programs']>[number] {
  return {
    image: 'example.org/app',
    port: 'http',
    series: [{ name: 'http_requests_total', type: 'counter', growsWith }],
  };
}

/** Plays the small chain, with its YAML changed. */
export function playPlain(
  scenario: Partial<ScenarioInput> = {},
  change = (yaml: string) => yaml,
  cluster: Partial<ClusterDescriptor> = {},
): Timeline {
  return rehearse({
    name: 'plain',
    objects: parseYaml(change(PLAIN_CHAIN)),
    cluster: { ...PLAIN_CLUSTER, ...cluster },
    scenario: defineScenario(
      { duration: '10m', programs: [appProgram()], noise: false, ...scenario },
      'test',
    ),
  });
}

/** A client of the small chain. */
export function client(
  rate: number,
  connections: 'per-request' | 'keep-alive' = 'per-request',
): NonNullable<ScenarioInput['clients']>[number] {
  return { name: 'users', to: 'shop/app:80', connections, steps: [{ at: '0s', rate }] };
}

/** Plays the kind stack with its own scenario, options and objects changed. */
export function playKind(
  options: Parameters<typeof kind.options.parse>[0] = {},
  scenario: Partial<ScenarioInput> = {},
  change: (objects: KubeObject[]) => KubeObject[] = (objects) => objects,
): Timeline {
  const stack = kind.define(kind.options.parse(options));
  const objects = allObjects(synthesize(stack)).map(({ object }) => object);
  return rehearse({
    name: stack.name,
    objects: change(structuredClone(objects)),
    cluster: stack.cluster,
    scenario: defineScenario({ ...stack.scenario, expect: [], ...scenario }, 'test'),
  });
}

/** Replicas of a scale target at the end. */
export function finalReplicas(timeline: Timeline, workload: string): number | undefined {
  return timeline.workloads.find(({ name }) => name === workload)?.pods.at(-1);
}

export function autoscalerOf(timeline: Timeline, name: string) {
  const found = timeline.autoscalers.find((autoscaler) => autoscaler.name === name);
  if (!found) throw new Error(`no autoscaler ${name}`);
  return found;
}

/** The values of an autoscaler's only metric. */
export function valuesOf(timeline: Timeline, name: string): readonly (number | null)[] {
  return autoscalerOf(timeline, name).metrics[0]?.values ?? [];
}

export function conditionOf(timeline: Timeline, name: string, type: string) {
  return autoscalerOf(timeline, name).conditions.find((condition) => condition.type === type);
}

/** All problems in one text, a line each. */
export function problemText(timeline: Timeline): string {
  return timeline.problems
    .map(({ link, object, message }) => `${link} ${object.name}: ${message}`)
    .join('\n');
}
