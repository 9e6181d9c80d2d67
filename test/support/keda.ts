import type { ScenarioInput } from '../../core/model';
import { clusterRoleBinding, deployment, OPERATOR, PROMETHEUS_SERVICE, serviceAccount } from './chain';

/** Manifests of an installed KEDA in the namespace `monitoring`, as YAML: one document each, if nothing else is said. */

/** The operator, without its account and role; it watches all namespaces. */
const KEDA_OPERATOR = deployment(
  'monitoring',
  'keda-operator',
  `
serviceAccountName: keda-operator
containers:
  - name: keda-operator
    image: ghcr.io/kedacore/keda:2.20.2
    command: [/keda]
    args: [--leader-elect, --cert-secret-name=kedaorg-certs, --enable-cert-rotation=true]
    env: [{ name: WATCH_NAMESPACE, value: '' }]
    ports: [{ name: metricsservice, containerPort: 9666 }]
    readinessProbe: { httpGet: { path: /readyz, port: 8081 }, initialDelaySeconds: 20, periodSeconds: 3 }`,
);

/** The metrics API server, without its account and roles. */
const KEDA_METRICS_SERVER = deployment(
  'monitoring',
  'keda-metrics',
  `
serviceAccountName: keda-metrics
containers:
  - name: keda-metrics
    image: ghcr.io/kedacore/keda-metrics-apiserver:2.20.2
    command: [/keda-adapter]
    args:
      - --secure-port=6443
      - --metrics-service-address=keda-operator.monitoring.svc.cluster.local:9666
    ports: [{ name: https, containerPort: 6443 }]
    volumeMounts: [{ name: certificates, mountPath: /certs }]
volumes: [{ name: certificates, secret: { secretName: kedaorg-certs } }]`,
);

/** Everything of it, without the custom resource definitions. */
const KEDA = `${serviceAccount('keda-operator')}
---
${serviceAccount('keda-metrics')}
---
${KEDA_OPERATOR}
---
${KEDA_METRICS_SERVER}
---
apiVersion: v1
kind: Service
metadata: { name: keda-operator, namespace: monitoring }
spec: { selector: { app: keda-operator }, ports: [{ name: metricsservice, port: 9666, targetPort: 9666 }] }
---
apiVersion: v1
kind: Service
metadata: { name: keda-metrics, namespace: monitoring }
spec: { selector: { app: keda-metrics }, ports: [{ name: https, port: 443, targetPort: 6443 }] }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.external.metrics.k8s.io }
spec:
  group: external.metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  service: { name: keda-metrics, namespace: monitoring, port: 443 }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: keda-operator }
rules:
  - { apiGroups: [keda.sh], resources: [scaledobjects, scaledobjects/status], verbs: [get, list, patch, update, watch] }
  - { apiGroups: [autoscaling], resources: [horizontalpodautoscalers], verbs: ["*"] }
  - { apiGroups: [apps], resources: [deployments/scale, statefulsets/scale], verbs: [get, list, patch, update, watch] }
---
${clusterRoleBinding('keda-operator', 'keda-operator', 'keda-operator')}
---
${clusterRoleBinding('keda-delegator', 'system:auth-delegator', 'keda-metrics')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: keda-authentication, namespace: kube-system }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: extension-apiserver-authentication-reader }
subjects: [{ kind: ServiceAccount, name: keda-metrics, namespace: monitoring }]`;

const API = deployment(
  'shop',
  'api',
  `
containers:
  - name: api
    image: example.org/sportsbook-api:1
    ports: [{ name: web, containerPort: 8080 }]`,
);

/** A REST service that counts its requests with a label, Prometheus, and KEDA that scales it. */
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
