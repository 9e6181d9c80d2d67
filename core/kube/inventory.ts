import type { z } from 'zod';
import { UsageError } from '../errors';
import { ApiResources } from './api-resources';
import {
  apiService,
  configMap,
  customResourceDefinition,
  namespace,
  role,
  roleBinding,
  secret,
  service,
  serviceAccount,
} from './kinds/core';
import { cronJob, job } from './kinds/job';
import { scaledObject } from './kinds/keda';
import { podMonitor, prometheus, serviceMonitor } from './kinds/monitoring';
import { ciliumNetworkPolicy, networkPolicy } from './kinds/network';
import { pod, workload, type Workload } from './kinds/pod';
import { priorityClass } from './kinds/scheduling';
import { groupOf, issueText, refOf, refText, type KubeObject } from './object';
import type { Labels } from './selector';

/** The namespace an object lands in when it names none, as `kubectl apply` does it. */
export const DEFAULT_NAMESPACE = 'default';

/** Namespaces that every cluster has. */
export const BUILT_IN_NAMESPACES: readonly string[] = [
  DEFAULT_NAMESPACE,
  'kube-system',
  'kube-public',
  'kube-node-lease',
];

/** The label that the API server puts on every Namespace. */
const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** The namespace of a namespaced object. */
export function namespaceOf(object: {
  readonly metadata: { readonly namespace?: string | undefined };
}): string {
  return object.metadata.namespace ?? DEFAULT_NAMESPACE;
}

/**
 * A set of Kubernetes objects, readable by kind. Kinds are read when first asked for, so an odd object of a kind
 * that nobody looks at does no harm.
 *
 * Every getter throws UsageError, naming the object and the field, when an object does not fit its kind.
 */
export class Inventory {
  private readonly byKind = new Map<string, KubeObject[]>();
  private readonly read = {
    deployments: this.reader('apps', 'Deployment', workload),
    statefulSets: this.reader('apps', 'StatefulSet', workload),
    daemonSets: this.reader('apps', 'DaemonSet', workload),
    replicaSets: this.reader('apps', 'ReplicaSet', workload),
    pods: this.reader('', 'Pod', pod),
    jobs: this.reader('batch', 'Job', job),
    cronJobs: this.reader('batch', 'CronJob', cronJob),
    services: this.reader('', 'Service', service),
    namespaces: this.reader('', 'Namespace', namespace),
    configMaps: this.reader('', 'ConfigMap', configMap),
    secrets: this.reader('', 'Secret', secret),
    serviceAccounts: this.reader('', 'ServiceAccount', serviceAccount),
    roles: this.reader('rbac.authorization.k8s.io', 'Role', role),
    clusterRoles: this.reader('rbac.authorization.k8s.io', 'ClusterRole', role),
    roleBindings: this.reader('rbac.authorization.k8s.io', 'RoleBinding', roleBinding),
    clusterRoleBindings: this.reader('rbac.authorization.k8s.io', 'ClusterRoleBinding', roleBinding),
    apiServices: this.reader('apiregistration.k8s.io', 'APIService', apiService),
    customResourceDefinitions: this.reader(
      'apiextensions.k8s.io',
      'CustomResourceDefinition',
      customResourceDefinition,
    ),
    serviceMonitors: this.reader('monitoring.coreos.com', 'ServiceMonitor', serviceMonitor),
    podMonitors: this.reader('monitoring.coreos.com', 'PodMonitor', podMonitor),
    prometheuses: this.reader('monitoring.coreos.com', 'Prometheus', prometheus),
    networkPolicies: this.reader('networking.k8s.io', 'NetworkPolicy', networkPolicy),
    ciliumNetworkPolicies: this.reader('cilium.io', 'CiliumNetworkPolicy', ciliumNetworkPolicy),
    ciliumClusterwideNetworkPolicies: this.reader(
      'cilium.io',
      'CiliumClusterwideNetworkPolicy',
      ciliumNetworkPolicy,
    ),
    scaledObjects: this.reader('keda.sh', 'ScaledObject', scaledObject),
    priorityClasses: this.reader('scheduling.k8s.io', 'PriorityClass', priorityClass),
  };

  constructor(readonly objects: readonly KubeObject[]) {
    for (const object of objects) {
      const key = kindKey(groupOf(object.apiVersion), object.kind);
      const list = this.byKind.get(key);
      if (list) list.push(object);
      else this.byKind.set(key, [object]);
    }
  }

  /** Reads every object of a known kind. @throws UsageError for the first that does not fit its kind */
  readAll(): void {
    for (const read of Object.values(this.read)) read();
  }

  /** Objects of a kind, unread. @param group `''` is the core group */
  ofKind(group: string, kind: string): readonly KubeObject[] {
    return this.byKind.get(kindKey(group, kind)) ?? [];
  }

  get deployments() {
    return this.read.deployments();
  }

  get statefulSets() {
    return this.read.statefulSets();
  }

  get daemonSets() {
    return this.read.daemonSets();
  }

  get replicaSets() {
    return this.read.replicaSets();
  }

  /** Everything that makes pods from a template. */
  get workloads(): readonly Workload[] {
    return [...this.deployments, ...this.statefulSets, ...this.daemonSets, ...this.replicaSets];
  }

  get pods() {
    return this.read.pods();
  }

  get jobs() {
    return this.read.jobs();
  }

  get cronJobs() {
    return this.read.cronJobs();
  }

  get services() {
    return this.read.services();
  }

  get namespaces() {
    return this.read.namespaces();
  }

  get configMaps() {
    return this.read.configMaps();
  }

  get secrets() {
    return this.read.secrets();
  }

  get serviceAccounts() {
    return this.read.serviceAccounts();
  }

  get roles() {
    return this.read.roles();
  }

  get clusterRoles() {
    return this.read.clusterRoles();
  }

  get roleBindings() {
    return this.read.roleBindings();
  }

  get clusterRoleBindings() {
    return this.read.clusterRoleBindings();
  }

  get apiServices() {
    return this.read.apiServices();
  }

  get customResourceDefinitions() {
    return this.read.customResourceDefinitions();
  }

  get serviceMonitors() {
    return this.read.serviceMonitors();
  }

  get podMonitors() {
    return this.read.podMonitors();
  }

  get prometheuses() {
    return this.read.prometheuses();
  }

  get networkPolicies() {
    return this.read.networkPolicies();
  }

  get ciliumNetworkPolicies() {
    return this.read.ciliumNetworkPolicies();
  }

  get ciliumClusterwideNetworkPolicies() {
    return this.read.ciliumClusterwideNetworkPolicies();
  }

  get scaledObjects() {
    return this.read.scaledObjects();
  }

  get priorityClasses() {
    return this.read.priorityClasses();
  }

  /** Unread: `core/hpa` owns the schema. */
  get horizontalPodAutoscalers(): readonly KubeObject[] {
    return this.ofKind('autoscaling', 'HorizontalPodAutoscaler');
  }

  /** Labels of a namespace, with the one the API server adds; a namespace that is not among the objects has only that. */
  namespaceLabels(name: string): Labels {
    const found = this.namespaces.find((candidate) => candidate.metadata.name === name);
    return { ...found?.metadata.labels, [NAMESPACE_NAME_LABEL]: name };
  }

  /** What the cluster serves: built-in kinds, known add-ons and the CRDs among the objects. */
  get apiResources(): ApiResources {
    const added = this.customResourceDefinitions.flatMap(({ spec }) =>
      spec.versions.map((version) => ({
        group: spec.group,
        version: version.name,
        kind: spec.names.kind,
        plural: spec.names.plural,
        singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
        namespaced: spec.scope === 'Namespaced',
      })),
    );
    return ApiResources.builtin().with(added);
  }

  /** Reads the objects of a kind when first called. */
  private reader<S extends z.ZodType>(group: string, kind: string, schema: S): () => readonly z.infer<S>[] {
    let list: readonly z.infer<S>[] | undefined;
    return () => (list ??= this.ofKind(group, kind).map((object) => parseKind(object, schema)));
  }
}

function kindKey(group: string, kind: string): string {
  return `${group}/${kind}`;
}

function parseKind<S extends z.ZodType>(object: KubeObject, schema: S): z.infer<S> {
  const result = schema.safeParse(object);
  if (!result.success) throw new UsageError(`${refText(refOf(object))}: ${issueText(result.error)}`);
  return result.data;
}
