import { clusterRoleBinding, deployment, serviceAccount } from './chain';

/** Manifests of an installed KEDA in the namespace `monitoring`, as YAML: one document each, if nothing else is said. */

/** The operator, without its account and role; it watches all namespaces. */
export const KEDA_OPERATOR = deployment(
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
export const KEDA_METRICS_SERVER = deployment(
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
export const KEDA = `${serviceAccount('keda-operator')}
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
