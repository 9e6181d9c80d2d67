import { namespaceOf } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import type { AccessRequest, Rbac, ServiceAccountSubject } from '../kube/rbac';
import type { ScrapeJob } from '../operator';
import { groupResourceText, type GroupResource } from '../rules';

const PODS: GroupResource = { group: '', resource: 'pods' };
const SERVICES: GroupResource = { group: '', resource: 'services' };

/** What service discovery lists and watches, by role (`discovery/kubernetes` of Prometheus). */
const DISCOVERED: Readonly<Record<ScrapeJob['role'], readonly GroupResource[]>> = {
  pod: [PODS],
  endpoints: [SERVICES, PODS, { group: '', resource: 'endpoints' }],
  endpointslice: [SERVICES, PODS, { group: 'discovery.k8s.io', resource: 'endpointslices' }],
};

/** What an extension API server asks in order to know whether its callers may (`system:auth-delegator`). */
export const DELEGATION: readonly AccessRequest[] = [
  { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' },
  { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
];

/** What an extension API server reads when it starts. */
export const AUTHENTICATION_CONFIG: AccessRequest = {
  verb: 'get',
  group: '',
  resource: 'configmaps',
  namespace: 'kube-system',
  name: 'extension-apiserver-authentication',
};

/** What a program asks for that watches the cluster: all nodes and pods. */
export const CLUSTER_STATE: readonly AccessRequest[] = [
  { verb: 'list', group: '', resource: 'nodes' },
  { verb: 'list', group: '', resource: 'pods' },
];

/** What metrics-server watches, without which it does not serve. */
export const METRICS_SERVER_WATCHES: readonly AccessRequest[] = ['nodes', 'pods'].flatMap((resource) =>
  ['list', 'watch'].map((verb) => ({ verb, group: '', resource })),
);

/** What metrics-server asks kubelets for. */
export const NODE_METRICS: AccessRequest = { verb: 'get', group: '', resource: 'nodes/metrics' };

/** Port of the kubelet, where metrics-server asks. */
export const KUBELET_PORT = 10_250;

/** The account that the pods of a workload act as. */
export function accountOf(workload: Workload): ServiceAccountSubject {
  const name = workload.spec.template.spec.serviceAccountName ?? 'default';
  return { namespace: namespaceOf(workload), name };
}

/** What Prometheus asks the API server for, for one of its jobs; one namespace after the other. */
export function discoveryRequests({ role, namespaces }: ScrapeJob): readonly AccessRequest[] {
  const places = namespaces === 'all' ? [undefined] : namespaces;
  return places.flatMap((namespace) =>
    DISCOVERED[role].flatMap((resource) => requestsFor(resource, namespace, ['list', 'watch'])),
  );
}

/** What the adapter asks for to answer about the pods of a namespace: it is given a selector, and looks up the names. */
export function podListing(namespace: string): AccessRequest {
  return { ...PODS, verb: 'list', namespace };
}

/** What Plimsoll's adapter asks for instead: it watches the pods of all namespaces at once. */
export const POD_WATCH: readonly AccessRequest[] = ['list', 'watch'].map((verb) => ({ ...PODS, verb }));

/** One request for each verb. @param namespace absent for all namespaces at once */
export function requestsFor(
  { group, resource }: GroupResource,
  namespace: string | undefined,
  verbs: readonly string[],
): readonly AccessRequest[] {
  return verbs.map((verb) => ({ verb, group, resource, namespace }));
}

/**
 * What RBAC refuses of some requests, as a sentence: `ServiceAccount a/b may not list, watch pods in namespace c`.
 * @returns undefined if it refuses none
 */
export function refusedText(
  rbac: Rbac,
  account: ServiceAccountSubject,
  requests: readonly AccessRequest[],
): string | undefined {
  const denied = requests.filter((request) => !rbac.can(account, request));
  if (denied.length === 0) return undefined;
  const verbsOf = collected(
    denied.map((request) => [`${resourceText(request)}\n${placeText(request)}`, request.verb]),
  );
  // Resources of which the same is refused in the same place are named together.
  const resourcesOf = collected(
    [...verbsOf].map(([subject, verbs]) => {
      const [resource = '', place = ''] = subject.split('\n');
      return [`${verbs.join(', ')}\n${place}`, resource];
    }),
  );
  const list = [...resourcesOf].map(([refusal, resources]) => {
    const [verbs = '', place = ''] = refusal.split('\n');
    return `${verbs} ${resources.join(', ')}${place}`;
  });
  return `ServiceAccount ${account.namespace}/${account.name} may not ${list.join(' and ')}`;
}

function resourceText({ group, resource }: AccessRequest): string {
  return groupResourceText({ group, resource });
}

function placeText({ namespace }: AccessRequest): string {
  return namespace === undefined ? '' : ` in namespace ${namespace}`;
}

/** The values of each key, in the order in which they come. */
function collected(
  entries: readonly (readonly [key: string, value: string])[],
): ReadonlyMap<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const [key, value] of entries) lists.set(key, [...(lists.get(key) ?? []), value]);
  return lists;
}
