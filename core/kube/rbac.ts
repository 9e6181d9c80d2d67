import { namespaceOf, type Inventory } from './inventory';
import type { PolicyRule, Role, RoleBinding } from './kinds/core';
import { Selector } from './selector';

/** A service account, the only kind of subject that pods have. */
export interface ServiceAccountSubject {
  readonly namespace: string;
  readonly name: string;
}

/** A request to the API server, as RBAC sees it. */
export interface AccessRequest {
  readonly verb: string;
  /** `''` is the core group. */
  readonly group: string;
  /** Plural, with a subresource after a slash: `deployments/scale`. */
  readonly resource: string;
  /** Absent for cluster-scoped resources and for requests over all namespaces. */
  readonly namespace?: string | undefined;
  /** Name of the one object that is asked for. */
  readonly name?: string | undefined;
}

const READ = ['get', 'list', 'watch'];

/** What the `view` role reads, and `edit` and `admin` with it, as far as workloads and their addresses go. */
const VIEW: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: [
      ...['configmaps', 'endpoints', 'events', 'limitranges', 'namespaces', 'persistentvolumeclaims'],
      ...['pods', 'replicationcontrollers', 'resourcequotas', 'serviceaccounts', 'services'],
    ],
    verbs: READ,
  },
  {
    apiGroups: ['apps'],
    resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
    verbs: READ,
  },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'], verbs: READ },
];

/** Roles that every API server has (`plugin/pkg/auth/authorizer/rbac/bootstrappolicy`). */
const BOOTSTRAP_CLUSTER_ROLES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  admin: VIEW,
  edit: VIEW,
  view: VIEW,
  'system:auth-delegator': [
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ],
};
const BOOTSTRAP_ROLES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'kube-system/extension-apiserver-authentication-reader': [
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['extension-apiserver-authentication'],
      verbs: READ,
    },
  ],
};

interface Grant {
  /** Where it holds; absent for everywhere. */
  readonly namespace?: string | undefined;
  readonly rules: readonly PolicyRule[];
}

/** What service accounts may do, from the roles and bindings among the objects and the API server's own roles. */
export class Rbac {
  private readonly bindings: readonly RoleBinding[];
  private readonly granted = new Map<string, readonly Grant[]>();

  constructor(private readonly inventory: Inventory) {
    this.bindings = [...inventory.clusterRoleBindings, ...inventory.roleBindings];
  }

  /** Whether some rule allows the request. A rule on single names does not allow to list or create. */
  can(subject: ServiceAccountSubject, request: AccessRequest): boolean {
    return this.grantsOf(subject).some(
      ({ namespace, rules }) =>
        (namespace === undefined || namespace === request.namespace) &&
        rules.some((rule) => allows(rule, request)),
    );
  }

  private grantsOf(subject: ServiceAccountSubject): readonly Grant[] {
    const key = `${subject.namespace}/${subject.name}`;
    let grants = this.granted.get(key);
    if (!grants) {
      grants = this.bindings
        .filter((binding) => binds(binding, subject))
        .map((binding) => this.grant(binding));
      this.granted.set(key, grants);
    }
    return grants;
  }

  private grant(binding: RoleBinding): Grant {
    const { kind, name } = binding.roleRef;
    if (binding.kind === 'ClusterRoleBinding') return { rules: this.clusterRoleRules(name) };
    const namespace = namespaceOf(binding);
    return {
      namespace,
      rules: kind === 'ClusterRole' ? this.clusterRoleRules(name) : this.roleRules(namespace, name),
    };
  }

  private clusterRoleRules(name: string): readonly PolicyRule[] {
    const found = this.inventory.clusterRoles.find((role) => role.metadata.name === name);
    return found ? this.rulesOf(found) : (BOOTSTRAP_CLUSTER_ROLES[name] ?? []);
  }

  private roleRules(namespace: string, name: string): readonly PolicyRule[] {
    const found = this.inventory.roles.find(
      (role) => role.metadata.name === name && namespaceOf(role) === namespace,
    );
    return found?.rules ?? BOOTSTRAP_ROLES[`${namespace}/${name}`] ?? [];
  }

  /** Own rules, or those of the ClusterRoles that an aggregated one selects: its own are overwritten. */
  private rulesOf(role: Role): readonly PolicyRule[] {
    const selectors = role.aggregationRule?.clusterRoleSelectors?.map((selector) => Selector.from(selector));
    if (!selectors) return role.rules ?? [];
    return this.inventory.clusterRoles
      .filter(({ metadata }) => selectors.some((selector) => selector.matches(metadata.labels ?? {})))
      .flatMap(({ rules }) => rules ?? []);
  }
}

function binds(
  { kind, subjects, metadata }: RoleBinding,
  { namespace, name }: ServiceAccountSubject,
): boolean {
  const user = `system:serviceaccount:${namespace}:${name}`;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return (subjects ?? []).some((subject) => {
    if (subject.kind === 'User') return subject.name === user;
    if (subject.kind === 'Group') return groups.includes(subject.name);
    const own = kind === 'RoleBinding' ? metadata.namespace : undefined;
    return subject.name === name && (subject.namespace ?? own) === namespace;
  });
}

function allows(rule: PolicyRule, { verb, group, resource, name }: AccessRequest): boolean {
  const { resourceNames = [] } = rule;
  return (
    includes(rule.verbs, verb) &&
    includes(rule.apiGroups, group) &&
    coversResource(rule.resources ?? [], resource) &&
    (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name)))
  );
}

/** `*` is everything, subresources included; a star before a slash stands for any resource with that subresource. */
function coversResource(resources: readonly string[], resource: string): boolean {
  const slash = resource.indexOf('/');
  const anyWithSubresource = slash < 0 ? undefined : `*${resource.slice(slash)}`;
  return resources.some((entry) => entry === '*' || entry === resource || entry === anyWithSubresource);
}

function includes(list: readonly string[] | undefined, wanted: string): boolean {
  return (list ?? []).some((entry) => entry === '*' || entry === wanted);
}
