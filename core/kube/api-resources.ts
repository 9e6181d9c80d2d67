/** One kind that an API server serves, as `kubectl api-resources` lists it. */
export interface ApiResource {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
}

type Row = readonly [kind: string, plural: string, namespaced: boolean];

const CORE: readonly Row[] = [
  ['ConfigMap', 'configmaps', true],
  ['Endpoints', 'endpoints', true],
  ['Event', 'events', true],
  ['LimitRange', 'limitranges', true],
  ['Namespace', 'namespaces', false],
  ['Node', 'nodes', false],
  ['PersistentVolume', 'persistentvolumes', false],
  ['PersistentVolumeClaim', 'persistentvolumeclaims', true],
  ['Pod', 'pods', true],
  ['ReplicationController', 'replicationcontrollers', true],
  ['ResourceQuota', 'resourcequotas', true],
  ['Secret', 'secrets', true],
  ['Service', 'services', true],
  ['ServiceAccount', 'serviceaccounts', true],
];

const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  'admissionregistration.k8s.io/v1': [
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', false],
    ['ValidatingAdmissionPolicy', 'validatingadmissionpolicies', false],
    ['ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings', false],
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', false],
  ],
  'apiextensions.k8s.io/v1': [['CustomResourceDefinition', 'customresourcedefinitions', false]],
  'apiregistration.k8s.io/v1': [['APIService', 'apiservices', false]],
  'apps/v1': [
    ['ControllerRevision', 'controllerrevisions', true],
    ['DaemonSet', 'daemonsets', true],
    ['Deployment', 'deployments', true],
    ['ReplicaSet', 'replicasets', true],
    ['StatefulSet', 'statefulsets', true],
  ],
  'autoscaling/v2': [['HorizontalPodAutoscaler', 'horizontalpodautoscalers', true]],
  'batch/v1': [
    ['CronJob', 'cronjobs', true],
    ['Job', 'jobs', true],
  ],
  'certificates.k8s.io/v1': [['CertificateSigningRequest', 'certificatesigningrequests', false]],
  'coordination.k8s.io/v1': [['Lease', 'leases', true]],
  'discovery.k8s.io/v1': [['EndpointSlice', 'endpointslices', true]],
  'networking.k8s.io/v1': [
    ['Ingress', 'ingresses', true],
    ['IngressClass', 'ingressclasses', false],
    ['NetworkPolicy', 'networkpolicies', true],
  ],
  'node.k8s.io/v1': [['RuntimeClass', 'runtimeclasses', false]],
  'policy/v1': [['PodDisruptionBudget', 'poddisruptionbudgets', true]],
  'rbac.authorization.k8s.io/v1': [
    ['ClusterRole', 'clusterroles', false],
    ['ClusterRoleBinding', 'clusterrolebindings', false],
    ['Role', 'roles', true],
    ['RoleBinding', 'rolebindings', true],
  ],
  'scheduling.k8s.io/v1': [['PriorityClass', 'priorityclasses', false]],
  'storage.k8s.io/v1': [
    ['CSIDriver', 'csidrivers', false],
    ['CSINode', 'csinodes', false],
    ['StorageClass', 'storageclasses', false],
    ['VolumeAttachment', 'volumeattachments', false],
  ],
};

/** Custom resources of the projects that a chain passes through; others come from CRDs among the objects. */
const WELL_KNOWN_CUSTOM: Readonly<Record<string, readonly Row[]>> = {
  'monitoring.coreos.com/v1': [
    ['Alertmanager', 'alertmanagers', true],
    ['PodMonitor', 'podmonitors', true],
    ['Probe', 'probes', true],
    ['Prometheus', 'prometheuses', true],
    ['PrometheusRule', 'prometheusrules', true],
    ['ServiceMonitor', 'servicemonitors', true],
    ['ThanosRuler', 'thanosrulers', true],
  ],
  'monitoring.coreos.com/v1alpha1': [
    ['PrometheusAgent', 'prometheusagents', true],
    ['ScrapeConfig', 'scrapeconfigs', true],
  ],
  'cilium.io/v2': [
    ['CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies', false],
    ['CiliumEndpoint', 'ciliumendpoints', true],
    ['CiliumNetworkPolicy', 'ciliumnetworkpolicies', true],
    ['CiliumNode', 'ciliumnodes', false],
  ],
  'keda.sh/v1alpha1': [
    ['ClusterTriggerAuthentication', 'clustertriggerauthentications', false],
    ['ScaledJob', 'scaledjobs', true],
    ['ScaledObject', 'scaledobjects', true],
    ['TriggerAuthentication', 'triggerauthentications', true],
  ],
};

function resources(groups: Readonly<Record<string, readonly Row[]>>): ApiResource[] {
  return Object.entries(groups).flatMap(([apiVersion, rows]) => {
    const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    return rows.map(([kind, plural, namespaced]) => ({
      group,
      version,
      kind,
      plural,
      singular: kind.toLowerCase(),
      namespaced,
    }));
  });
}

/** The kinds that a cluster serves: Kubernetes' own, those of the known add-ons, and those of given CRDs. */
export class ApiResources {
  private constructor(private readonly all: readonly ApiResource[]) {}

  static builtin(): ApiResources {
    return new ApiResources([
      ...resources({ v1: CORE }),
      ...resources(GROUPS),
      ...resources(WELL_KNOWN_CUSTOM),
    ]);
  }

  /** The same with more kinds, which win over those of the same group and kind. */
  with(added: readonly ApiResource[]): ApiResources {
    return new ApiResources([...added, ...this.all]);
  }

  /**
   * @param group exact API group; `''` is the core group
   * @param name plural or singular, lower case
   */
  find(group: string, name: string): ApiResource | undefined {
    return this.all.find(
      (resource) => resource.group === group && (resource.plural === name || resource.singular === name),
    );
  }

  /** @param group exact API group; `''` is the core group */
  findKind(group: string, kind: string): ApiResource | undefined {
    return this.all.find((resource) => resource.group === group && resource.kind === kind);
  }

  [Symbol.iterator](): Iterator<ApiResource> {
    return this.all[Symbol.iterator]();
  }
}
