import type { KubeObject } from '../core/kube/object';

const NAME = 'metrics-server';
const NAMESPACE = 'kube-system';
const LABELS = { 'k8s-app': NAME };
const PORT = 4443;
const RBAC = 'rbac.authorization.k8s.io';
const metadata = { name: NAME, namespace: NAMESPACE, labels: LABELS };
const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }];

/**
 * The metrics-server that a managed cluster such as AKS brings along, as far as the chain depends on it
 * (`manifests/base` of metrics-server, which the add-on follows).
 */
export const MANAGED_METRICS_SERVER: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: `system:${NAME}` },
    rules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ],
  },
  binding('ClusterRoleBinding', `system:${NAME}`, { kind: 'ClusterRole', name: `system:${NAME}` }),
  binding('ClusterRoleBinding', `${NAME}:system:auth-delegator`, {
    kind: 'ClusterRole',
    name: 'system:auth-delegator',
  }),
  binding('RoleBinding', `${NAME}-auth-reader`, {
    kind: 'Role',
    name: 'extension-apiserver-authentication-reader',
  }),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      selector: LABELS,
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: NAME,
          priorityClassName: 'system-cluster-critical',
          containers: [
            {
              name: NAME,
              image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.1',
              args: [`--secure-port=${PORT}`, '--metric-resolution=15s'],
              ports: [{ name: 'https', containerPort: PORT, protocol: 'TCP' }],
              resources: { requests: { cpu: '100m', memory: '150Mi' } },
              readinessProbe: { httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' } },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: NAME, namespace: NAMESPACE, port: 443 },
    },
  },
];

function binding(
  kind: 'ClusterRoleBinding' | 'RoleBinding',
  name: string,
  role: { readonly kind: string; readonly name: string },
): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name, ...(kind === 'RoleBinding' ? { namespace: NAMESPACE } : {}) },
    roleRef: { apiGroup: RBAC, ...role },
    subjects,
  };
}
