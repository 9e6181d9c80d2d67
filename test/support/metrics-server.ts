import { deployment } from './chain';

/** metrics-server with all that it needs, in kube-system, as its release installs it. */
export const METRICS_SERVER = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: metrics-server, namespace: kube-system }
---
${deployment(
  'kube-system',
  'metrics-server',
  `
serviceAccountName: metrics-server
priorityClassName: system-cluster-critical
containers:
  - name: metrics-server
    image: registry.k8s.io/metrics-server/metrics-server:v0.9.0
    args: [--cert-dir=/tmp, --secure-port=10250, --metric-resolution=15s]
    ports: [{ name: https, containerPort: 10250 }]
    readinessProbe: { httpGet: { path: /readyz, port: https, scheme: HTTPS }, periodSeconds: 10, initialDelaySeconds: 20 }
    livenessProbe: { httpGet: { path: /livez, port: https, scheme: HTTPS }, periodSeconds: 10 }`,
)}
---
apiVersion: v1
kind: Service
metadata: { name: metrics-server, namespace: kube-system }
spec: { selector: { app: metrics-server }, ports: [{ name: https, port: 443, targetPort: https }] }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.metrics.k8s.io }
spec:
  group: metrics.k8s.io
  version: v1beta1
  service: { name: metrics-server, namespace: kube-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: system:metrics-server }
rules:
  - { apiGroups: [''], resources: [nodes/metrics], verbs: [get] }
  - { apiGroups: [''], resources: [pods, nodes], verbs: [get, list, watch] }
---
${bound('ClusterRoleBinding', 'system:metrics-server', 'ClusterRole', 'system:metrics-server')}
---
${bound('ClusterRoleBinding', 'metrics-server:system:auth-delegator', 'ClusterRole', 'system:auth-delegator')}
---
${bound('RoleBinding', 'metrics-server-auth-reader', 'Role', 'extension-apiserver-authentication-reader')}`;

function bound(kind: string, name: string, roleKind: string, role: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}${kind === 'RoleBinding' ? ', namespace: kube-system' : ''} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${roleKind}, name: ${role} }
subjects: [{ kind: ServiceAccount, name: metrics-server, namespace: kube-system }]`;
}
