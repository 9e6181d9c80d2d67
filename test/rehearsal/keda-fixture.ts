import { defineScenario, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import {
  clusterRoleBinding,
  deployment,
  OPERATOR,
  PROMETHEUS_SERVICE,
  serviceAccount,
} from '../support/chain';
import { KEDA } from '../support/keda';
import { parseYaml, PLAIN_CLUSTER } from './fixture';

const API = deployment(
  'shop',
  'api',
  `
containers:
  - name: api
    image: example.org/sportsbook-api:1
    ports: [{ name: web, containerPort: 8080 }]`,
);

/** A REST service that counts its requests with a label, Prometheus, and KEDA that scales it: document 003. */
export const KEDA_CHAIN = `
${serviceAccount('operator')}
---
${serviceAccount('prometheus')}
---
${OPERATOR}
---
${clusterRoleBinding('operator', 'cluster-admin', 'operator')}
---
${clusterRoleBinding('prometheus', 'view', 'prometheus')}
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: main, namespace: monitoring }
spec:
  serviceAccountName: prometheus
  serviceMonitorSelector: {}
  serviceMonitorNamespaceSelector: {}
---
${PROMETHEUS_SERVICE}
---
${API}
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop, labels: { app: api } }
spec: { selector: { app: api }, ports: [{ name: web, port: 80, targetPort: web }] }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: api, namespace: shop }
spec: { selector: { matchLabels: { app: api } }, endpoints: [{ port: web }] }
---
${KEDA}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: api-scaler, namespace: shop }
spec:
  scaleTargetRef: { name: api }
  minReplicaCount: 2
  maxReplicaCount: 10
  triggers:
    - type: prometheus
      metadata:
        serverAddress: http://prometheus.monitoring.svc.cluster.local:9090
        threshold: '100'
        query: sum(rate(http_server_requests_seconds_count{uri="/api"}[1m]))
`;

/** Name of the autoscaler that KEDA makes. */
export const MADE = 'keda-hpa-api-scaler';

/** What the REST service does. */
export const KEDA_PROGRAMS: NonNullable<ScenarioInput['programs']> = [
  {
    image: 'example.org/sportsbook-api',
    port: 'web',
    series: [
      {
        name: 'http_server_requests_seconds_count',
        type: 'counter',
        labels: { uri: '/api' },
        growsWith: ['requests'],
      },
    ],
  },
];

/** Plays the chain, with its YAML changed. */
export function playKeda(scenario: Partial<ScenarioInput> = {}, change = (yaml: string) => yaml): Timeline {
  return rehearse({
    name: 'keda',
    objects: parseYaml(change(KEDA_CHAIN)),
    cluster: PLAIN_CLUSTER,
    scenario: defineScenario(
      {
        duration: '10m',
        noise: false,
        programs: KEDA_PROGRAMS,
        ...scenario,
      },
      'test',
    ),
  });
}

/** Requests a second from a moment until another. */
export function burst(
  rate: number,
  from: string,
  until?: string,
): NonNullable<ScenarioInput['clients']>[number] {
  return {
    name: 'hey',
    to: 'shop/api:80',
    steps: [{ at: from, rate }, ...(until === undefined ? [] : [{ at: until, rate: 0 }])],
  };
}

/** Replicas of a workload at a time. */
export function replicasAt(timeline: Timeline, ms: number, workload = 'api'): number | undefined {
  const found = timeline.workloads.find(({ name }) => name === workload);
  return found?.pods[found.atMs.findLastIndex((time) => time <= ms)];
}
