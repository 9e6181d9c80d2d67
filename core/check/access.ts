import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import type { AccessRequest, ServiceAccountSubject } from '../kube/rbac';
import { groupResourceText, type GroupResource } from '../rules';
import type { Check } from './check';
import type { CheckContext } from './context';

const READ = ['get', 'list', 'watch'];

/** What an extension API server needs in order to know who asks. */
const DELEGATION: readonly AccessRequest[] = [
  { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' },
  { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
];
const AUTHENTICATION_CONFIG: AccessRequest = {
  verb: 'get',
  group: '',
  resource: 'configmaps',
  namespace: 'kube-system',
  name: 'extension-apiserver-authentication',
};

export const adapterDelegation: Check = {
  id: 'adapter-delegation',
  title: 'The metrics adapter may have its callers authenticated and authorized',
  severity: 'error',
  *run({ adapters, rbac }) {
    for (const workload of adapters.flatMap(({ workload: found, container }) =>
      found && container ? [found] : [],
    )) {
      const account = accountOf(workload);
      const name = `ServiceAccount ${account.namespace}/${account.name}`;
      const delegated = DELEGATION.filter((request) => !rbac.can(account, request));
      if (delegated.length > 0) {
        yield {
          object: refOf(workload),
          message: `${name} may not ${requestsText(delegated)}, so every request to the adapter fails`,
          fix: `add a ClusterRoleBinding of ${name} to ClusterRole system:auth-delegator`,
        };
      }
      if (!rbac.can(account, AUTHENTICATION_CONFIG)) {
        yield {
          object: refOf(workload),
          message: `${name} may not read ConfigMap kube-system/extension-apiserver-authentication, without which the adapter does not start`,
          fix: `add a RoleBinding of ${name} in kube-system to Role extension-apiserver-authentication-reader`,
        };
      }
    }
  },
};

export const adapterAccess: Check = {
  id: 'adapter-access',
  title: 'The metrics adapter may list the objects that its metrics are of',
  severity: 'error',
  *run(context) {
    for (const { workload, resource, requests } of listings(context)) {
      const account = accountOf(workload);
      const denied = requests.filter((request) => !context.rbac.can(account, request));
      const [first] = denied;
      if (!first) continue;
      yield {
        object: refOf(workload),
        message: `ServiceAccount ${account.namespace}/${account.name} may not ${requestsText(denied)}, of which autoscalers want metrics`,
        fix: `give it get and list on ${groupResourceText(resource)} by a ClusterRole and a ClusterRoleBinding`,
      };
    }
  },
};

/** The objects that the adapter looks up, each kind once; External metrics are of none. */
function* listings({ metrics }: CheckContext) {
  const seen = new Set<string>();
  for (const { request, source } of metrics) {
    if (request.api !== 'custom' || !request.resource || source.state !== 'served') continue;
    const { workload } = source.book.adapter;
    const { resource, autoscaler } = request;
    if (!workload || resource.resource === 'namespaces') continue;
    const key = `${refText(refOf(workload))} ${groupResourceText(resource)} ${autoscaler.namespace}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const requests = requestsFor(resource, autoscaler.namespace, ['get', 'list']);
    yield { workload, resource, requests };
  }
}

export const prometheusAccess: Check = {
  id: 'prometheus-access',
  title: 'Prometheus may discover the targets of its monitors',
  severity: 'error',
  *run({ scrapes, rbac, inventory }) {
    for (const { prometheus, server, jobs } of scrapes) {
      const account = accountOf(server);
      const wanted = new Map<string, readonly GroupResource[]>();
      for (const { role, namespaces } of jobs) {
        const resources = DISCOVERED[role];
        const places = namespaces === 'all' ? everyNamespace(inventory) : namespaces;
        for (const namespace of places) {
          wanted.set(namespace, [...new Set([...(wanted.get(namespace) ?? []), ...resources])]);
        }
      }
      for (const [namespace, resources] of wanted) {
        const denied = resources
          .flatMap((resource) => requestsFor(resource, namespace, READ))
          .filter((request) => !rbac.can(account, request));
        if (denied.length === 0) continue;
        yield {
          object: refOf(prometheus),
          message: `ServiceAccount ${account.namespace}/${account.name} may not ${requestsText(denied)} in namespace ${namespace}, where its monitors look for targets`,
          fix: `add a Role in ${namespace} with get, list and watch on ${[...new Set(denied.map(({ resource }) => resource))].join(', ')}, and a RoleBinding of the account to it`,
        };
      }
    }
  },
};

const PODS: GroupResource = { group: '', resource: 'pods' };
const SERVICES: GroupResource = { group: '', resource: 'services' };

/** What service discovery lists and watches, by role (`discovery/kubernetes`). */
const DISCOVERED = {
  pod: [PODS],
  endpoints: [SERVICES, PODS, { group: '', resource: 'endpoints' }],
  endpointslice: [SERVICES, PODS, { group: 'discovery.k8s.io', resource: 'endpointslices' }],
} as const;

function everyNamespace(inventory: Inventory): readonly string[] {
  return [...new Set(inventory.services.map((service) => namespaceOf(service)))];
}

function requestsFor(
  { group, resource }: GroupResource,
  namespace: string,
  verbs: readonly string[],
): readonly AccessRequest[] {
  return verbs.map((verb) => ({ verb, group, resource, namespace }));
}

function accountOf(workload: Workload): ServiceAccountSubject {
  const name = workload.spec.template.spec.serviceAccountName ?? 'default';
  return { namespace: namespaceOf(workload), name };
}

/** `get, list services and get pods`. */
function requestsText(requests: readonly AccessRequest[]): string {
  const verbs = new Map<string, string[]>();
  for (const { group, resource, verb } of requests) {
    const text = groupResourceText({ group, resource });
    verbs.set(text, [...(verbs.get(text) ?? []), verb]);
  }
  return [...verbs].map(([resource, list]) => `${list.join(', ')} ${resource}`).join(' and ');
}
