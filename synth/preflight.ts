import { NEWEST_PROVEN, OLDEST_PROVEN, parseHpaSpec } from '../core/hpa';
import { ApiResources } from '../core/kube/api-resources';
import { Inventory, namespaceOf } from '../core/kube/inventory';
import { groupOf, refOf, refText, type KubeObject } from '../core/kube/object';
import { Selector } from '../core/kube/selector';
import {
  minorVersion,
  type ClusterDescriptor,
  type HelmRelease,
  type ReadyCondition,
  type Stack,
  type StackObjects,
} from '../core/model';
import { marksOf } from './releases';
import { requestedAtMost } from './requests';
import { command } from './shell';

const DNS_PORT = 53;
/** What the API server gives every namespace its name with. */
const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** Stands for the namespace of a kind that has none. */
const NO_NAMESPACE = '-';

/**
 * The checks of a cluster that the stack did not make, as calls of the preflight functions: what its control plane
 * must have, who owns what the stack is about to take, and whether there is room. Nothing is applied before all passed.
 */
export function preflightChecks(stack: Stack, { stages, provided }: StackObjects): string[] {
  const applied = stages.flatMap((stage) => stage.objects).map(({ object }) => object);
  const released = provided.filter(({ origin }) => origin.release !== undefined).map(({ object }) => object);
  const all = new Inventory([...released, ...applied]);
  return [
    ...versionChecks(stack.cluster),
    ...(all.apiServices.some(({ spec }) => spec.service) ? ['aggregation'] : []),
    ...servedChecks(applied),
    ...(stack.provided ?? []).flatMap(expectedCheck),
    ...dnsChecks(all),
    ...namespaceChecks(stack, stages),
    ...ownerChecks(applied, all),
    ...podSecurityCheck(applied),
    ...toleranceCheck(applied),
    ...apiServiceChecks(all),
    ...stack.releases.map(releaseCheck),
    ...permissionChecks(applied),
    ...capacityCheck(stack.cluster, { stages, provided }),
    policyNotice(stack.cluster),
  ];
}

function versionChecks({ kubernetes }: ClusterDescriptor): string[] {
  const minor = minorVersion(kubernetes).replace('1.', '');
  return [command('kubernetes_is', minor, String(OLDEST_PROVEN), String(NEWEST_PROVEN))];
}

/** API versions of Kubernetes itself; those of other groups may come with the stack. */
function servedChecks(applied: readonly KubeObject[]): string[] {
  const own = new Set([...ApiResources.builtin()].map(({ group }) => group).filter(isOwnGroup));
  const versions = applied.map(({ apiVersion }) => apiVersion).filter((version) => own.has(groupOf(version)));
  return versions.length > 0 ? [command('served', ...[...new Set(versions)].sort())] : [];
}

/** Groups that Kubernetes serves without an add-on: `''`, `apps`, `rbac.authorization.k8s.io`. */
function isOwnGroup(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/**
 * What others reach by name, if the cluster was described with it; but for the Service of its DNS, whose name differs
 * between distributions and whose address every pod is told.
 */
function expectedCheck(object: KubeObject): string[] {
  const { kind, metadata } = object;
  if (!['Service', 'APIService', 'CustomResourceDefinition'].includes(kind) || answersNames(object))
    return [];
  const namespace = kind === 'Service' ? namespaceOf(object) : NO_NAMESPACE;
  return [command('expected', `${kind.toLowerCase()}/${metadata.name}`, namespace)];
}

function answersNames(object: KubeObject): boolean {
  return new Inventory([object]).services.some(({ spec }) =>
    spec.ports?.some(({ port }) => port === DNS_PORT),
  );
}

/** The pods that the stack's NetworkPolicies let its own ask for names must be those that answer them. */
function dnsChecks({ networkPolicies }: Inventory): string[] {
  const rules = networkPolicies.flatMap(({ spec }) => spec.egress ?? []);
  const peers = rules
    .filter(({ ports }) => ports?.some(({ port }) => port === DNS_PORT))
    .flatMap(({ to }) => to ?? []);
  const checks = peers.flatMap(({ namespaceSelector, podSelector }) => {
    const namespace = namespaceSelector?.matchLabels?.[NAMESPACE_NAME_LABEL];
    return namespace === undefined
      ? []
      : [command('answers_names', namespace, Selector.from(podSelector).toString())];
  });
  return [...new Set(checks)];
}

/**
 * A namespace must be free or a stack's. One that a release is installed into before the stack's own object of it is
 * applied may be there without, for Helm makes it.
 */
function namespaceChecks({ stages: order, releases }: Stack, stages: StackObjects['stages']): string[] {
  const places = order.map(({ name }) => name);
  const checked = stages.flatMap(({ stage, objects }) => {
    const { namespaces } = new Inventory(objects.map(({ object }) => object));
    const before = places.slice(0, places.indexOf(stage) + 1);
    const made = releases.filter((release) => before.includes(release.before));
    return namespaces.filter(({ metadata }) => !made.some(({ namespace }) => namespace === metadata.name));
  });
  return checked.map(({ metadata }) => command('own_namespace', metadata.name));
}

/** Objects that share a name with somebody else's: those of kinds without namespaces, and those in other namespaces. */
function ownerChecks(applied: readonly KubeObject[], all: Inventory): string[] {
  const own = new Set(new Inventory(applied).namespaces.map(({ metadata }) => metadata.name));
  return applied.flatMap((object) => {
    const { apiVersion, kind, metadata } = object;
    if (['Namespace', 'APIService'].includes(kind)) return [];
    const group = groupOf(apiVersion);
    const resource = all.apiResources.findKind(group, kind);
    if (!resource || (resource.namespaced && own.has(namespaceOf(object)))) return [];
    const type = group === '' ? resource.plural : `${resource.plural}.${group}`;
    const namespace = resource.namespaced ? namespaceOf(object) : NO_NAMESPACE;
    return [command('own_object', `${type}/${metadata.name}`, namespace)];
  });
}

function podSecurityCheck(applied: readonly KubeObject[]): string[] {
  const strict = new Inventory(applied).namespaces.some(({ metadata }) =>
    Object.keys(metadata.labels ?? {}).some(isPodSecurityLabel),
  );
  return strict ? ['pod_security'] : [];
}

/** A field that an API server without its feature gate drops without a word. */
function toleranceCheck(applied: readonly KubeObject[]): string[] {
  const asked = new Inventory(applied).horizontalPodAutoscalers.some((object) => {
    const { behavior } = parseHpaSpec(object['spec'], refText(refOf(object)));
    return [behavior?.scaleUp, behavior?.scaleDown].some((rules) => rules?.tolerance !== undefined);
  });
  return asked ? ['tolerance'] : [];
}

function isPodSecurityLabel(label: string): boolean {
  return label.startsWith('pod-security.kubernetes.io/');
}

function apiServiceChecks({ apiServices }: Inventory): string[] {
  return apiServices.flatMap(({ metadata, spec: { service } }) =>
    service ? [command('api_service', metadata.name, service.namespace, service.name)] : [],
  );
}

function releaseCheck(release: HelmRelease): string {
  return command('plan_release', release.name, release.namespace, ...marksOf(release).flatMap(markWords));
}

function markWords(mark: ReadyCondition): string[] {
  const namespace = 'namespace' in mark ? mark.namespace : NO_NAMESPACE;
  return [`${mark.kind.toLowerCase()}/${mark.name}`, namespace];
}

/** A server-side apply patches, and creates what is not there yet. */
function permissionChecks(applied: readonly KubeObject[]): string[] {
  const resources = new Inventory(applied).apiResources;
  const clusterScoped = applied.flatMap(({ apiVersion, kind }) => {
    const group = groupOf(apiVersion);
    const resource = resources.findKind(group, kind);
    if (!resource || resource.namespaced) return [];
    return [group === '' ? resource.plural : `${resource.plural}.${group}`];
  });
  return [...new Set(clusterScoped)].flatMap((resource) => [
    command('may', 'create', resource),
    command('may', 'patch', resource),
  ]);
}

function capacityCheck(cluster: ClusterDescriptor, objects: StackObjects): string[] {
  if (!cluster.daemonSets) {
    return [command('fine', 'capacity is not checked: nodes without DaemonSets are made as pods come')];
  }
  const { millicores, mebibytes, pods } = requestedAtMost(objects, cluster);
  return [command('capacity', String(millicores), String(mebibytes), String(pods))];
}

/** Whether policies are enforced cannot be asked of a cluster. */
function policyNotice({ networkPolicyEnforced }: ClusterDescriptor): string {
  return networkPolicyEnforced
    ? command('fine', 'the cluster is described as one that enforces NetworkPolicies; it cannot be asked')
    : command(
        'warning',
        'the cluster is described as one that does not enforce NetworkPolicies: those of the stack are applied and stop nothing',
      );
}
