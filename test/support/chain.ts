/** Manifests that chains under test share, as YAML: one document each, if nothing else is said. */

/** A Deployment whose pods have the label `app`, with its name; the pod spec is YAML at no indentation. */
export function deployment(namespace: string, name: string, podSpec: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
${podSpec.trim().replaceAll(/^/gm, '      ')}`;
}

/** A service account of the namespace `monitoring`. */
export function serviceAccount(name: string): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: monitoring }`;
}

/** Grants a cluster role to a service account of `monitoring`, in every namespace. */
export function clusterRoleBinding(name: string, role: string, account: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${name} }
${granted('ClusterRole', role, account)}`;
}

/** Grants a cluster role to a service account of `monitoring`, in one namespace. */
export function roleBinding(namespace: string, role: string, account: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: ${role}, namespace: ${namespace} }
${granted('ClusterRole', role, account)}`;
}

function granted(kind: 'ClusterRole' | 'Role', role: string, account: string): string {
  return `roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${role} }
subjects: [{ kind: ServiceAccount, name: ${account}, namespace: monitoring }]`;
}

/** The Prometheus Operator, without its account and role. */
export const OPERATOR = deployment(
  'monitoring',
  'operator',
  `
serviceAccountName: operator
containers:
  - { name: operator, image: 'quay.io/prometheus-operator/prometheus-operator:v0.93.0' }`,
);

/** The Service of the Prometheus that is named `main`. */
export const PROMETHEUS_SERVICE = `apiVersion: v1
kind: Service
metadata: { name: prometheus, namespace: monitoring }
spec:
  selector: { prometheus: main }
  ports: [{ name: web, port: 9090, targetPort: web }]`;

/** The adapter; its rules are in the ConfigMap `adapter-rules`. */
export const ADAPTER = deployment(
  'monitoring',
  'adapter',
  `
serviceAccountName: adapter
containers:
  - name: adapter
    image: registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0
    args:
      - --config=/etc/adapter/config.yaml
      - --prometheus-url=http://prometheus.monitoring.svc:9090/
      - --metrics-relist-interval=1m
      - --secure-port=6443
    ports: [{ name: https, containerPort: 6443 }]
    volumeMounts: [{ name: config, mountPath: /etc/adapter }]
volumes: [{ name: config, configMap: { name: adapter-rules } }]`,
);

/** Four documents of what the adapter may: delegate authentication and authorization, and list the resources of its metrics. */
export function adapterAccess(...resources: readonly string[]): string {
  return `${clusterRoleBinding('adapter-delegator', 'system:auth-delegator', 'adapter')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: adapter-authentication, namespace: kube-system }
${granted('Role', 'extension-apiserver-authentication-reader', 'adapter')}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: adapter-reader }
rules: [{ apiGroups: [""], resources: [${resources.join(', ')}], verbs: [get, list, watch] }]
---
${clusterRoleBinding('adapter-reader', 'adapter-reader', 'adapter')}`;
}
