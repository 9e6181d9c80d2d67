import type { KubeObject } from '../core/kube/object';

const RBAC = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];
const CHANGE = ['get', 'list', 'patch', 'update', 'watch'];
const OWN = ['create', 'delete', ...CHANGE];

/** Some of them belong to a namespace and some to none, so both roles have them. */
const EVENT_SOURCES = {
  apiGroups: ['eventing.keda.sh'],
  resources: [
    ...['cloudeventsources', 'cloudeventsources/status'],
    ...['clustercloudeventsources', 'clustercloudeventsources/status'],
  ],
  verbs: CHANGE,
};
/** Rules of the operator, in every namespace that it watches (`templates/manager/clusterrole.yaml`). */
const OPERATOR_RULES = [
  {
    apiGroups: [''],
    resources: ['configmaps', 'configmaps/status', 'limitranges', 'pods', 'services', 'serviceaccounts'],
    verbs: READ,
  },
  { apiGroups: ['events.k8s.io', ''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  { apiGroups: ['apps'], resources: ['deployments/scale', 'statefulsets/scale'], verbs: CHANGE },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'statefulsets'], verbs: READ },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: OWN },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: OWN },
  EVENT_SOURCES,
  {
    apiGroups: ['keda.sh'],
    resources: [
      ...['scaledjobs', 'scaledjobs/finalizers', 'scaledjobs/status'],
      ...['scaledobjects', 'scaledobjects/finalizers', 'scaledobjects/status'],
      ...['triggerauthentications', 'triggerauthentications/status'],
    ],
    verbs: CHANGE,
  },
];

/** In its own namespace: its lease, and the certificates that it makes (`templates/manager/minimal-rbac.yaml`). */
const CERTIFICATE_RULES = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: OWN },
  { apiGroups: [''], resources: ['secrets'], resourceNames: ['kedaorg-certs'], verbs: ['get'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'update', ...READ] },
];
/** What belongs to no namespace (as above). */
const CLUSTER_RULES = [
  {
    apiGroups: ['keda.sh'],
    resources: ['clustertriggerauthentications', 'clustertriggerauthentications/status'],
    verbs: CHANGE,
  },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['validatingwebhookconfigurations'],
    verbs: CHANGE,
  },
  { apiGroups: ['apiregistration.k8s.io'], resources: ['apiservices'], verbs: CHANGE },
  EVENT_SOURCES,
];

/** The accounts of KEDA's parts, and what the operator and its metrics API server may. */
export function kedaAccess(namespace: string, watches: readonly string[]): KubeObject[] {
  const subjectsOf = (name: string) => [{ kind: 'ServiceAccount', name, namespace }];
  const clusterRole = (name: string) => ({ apiGroup: RBAC, kind: 'ClusterRole', name });
  return [
    ...['keda-operator', 'keda-metrics-server', 'keda-webhook'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace },
      automountServiceAccountToken: true,
    })),
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'keda-operator' },
      rules: OPERATOR_RULES,
    },
    ...[...new Set([...watches, namespace])].map((place) => ({
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'keda-operator', namespace: place },
      roleRef: clusterRole('keda-operator'),
      subjects: subjectsOf('keda-operator'),
    })),
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: 'keda-operator-certs', namespace },
      rules: CERTIFICATE_RULES,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'keda-operator-certs', namespace },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'keda-operator-certs' },
      subjects: subjectsOf('keda-operator'),
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'keda-operator-minimal-cluster-role' },
      rules: CLUSTER_RULES,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'keda-operator-minimal' },
      roleRef: clusterRole('keda-operator-minimal-cluster-role'),
      subjects: subjectsOf('keda-operator'),
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'keda-operator-system-auth-delegator' },
      roleRef: clusterRole('system:auth-delegator'),
      subjects: subjectsOf('keda-metrics-server'),
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'keda-operator-auth-reader', namespace: 'kube-system' },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
      subjects: subjectsOf('keda-metrics-server'),
    },
  ];
}
