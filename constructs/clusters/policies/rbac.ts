import { field, items, texts } from './fields';
import { describe, kindOf } from './kubernetes-resource';
import type { CheckedResource, Rule } from './rule';

/** APIs of which the resources are metrics: their names are not known when a role is written. */
const METRIC_APIS = ['custom.metrics.k8s.io', 'external.metrics.k8s.io'];

/** What the rule of roles allows. */
export interface RbacConfig {
  /** Names of Roles (not ClusterRoles) that may have every verb on resources that they name. */
  readonly everyVerb: readonly string[];
}

/**
 * Roles say what they are for. The operator of Prometheus asks for every verb on what it owns; it has them in the
 * namespaces of its Roles alone.
 */
export const rbac: Rule<RbacConfig> = {
  name: 'no-wildcards-in-roles',
  description:
    'Roles name their API groups, resources and verbs, and nobody is bound to cluster-admin. Metrics may be granted by *, and some Roles may have every verb on what they name.',
  defaults: { everyVerb: ['prometheus-operator'] },
  check(resource, { everyVerb }) {
    switch (kindOf(resource)) {
      case 'rbac.authorization.k8s.io/ClusterRole':
        return roleProblems(resource, false);
      case 'rbac.authorization.k8s.io/Role': {
        const name = field(resource.props, 'metadata', 'name');
        return roleProblems(resource, typeof name === 'string' && everyVerb.includes(name));
      }
      case 'rbac.authorization.k8s.io/ClusterRoleBinding':
      case 'rbac.authorization.k8s.io/RoleBinding':
        return bindingProblems(resource);
      default:
        return [];
    }
  },
};

function roleProblems(resource: CheckedResource, mayHaveEveryVerb: boolean): readonly string[] {
  return items(resource.props['rules']).flatMap((rule, index) => {
    const [groups = [], resources = [], verbs = [], urls = []] = [
      'apiGroups',
      'resources',
      'verbs',
      'nonResourceURLs',
    ].map((key) => texts(field(rule, key)));
    const ofMetrics = groups.length > 0 && groups.every((group) => METRIC_APIS.includes(group));
    const wild = [
      ...(groups.includes('*') ? ['apiGroups'] : []),
      ...(resources.some((name) => name.includes('*')) && !ofMetrics ? ['resources'] : []),
      ...(verbs.includes('*') && !mayHaveEveryVerb ? ['verbs'] : []),
      ...(urls.includes('*') ? ['nonResourceURLs'] : []),
    ];
    return wild.map(
      (key) =>
        `${describe(resource)} has a wildcard in rules[${index}].${key}: name what it needs instead of *`,
    );
  });
}

function bindingProblems(resource: CheckedResource): readonly string[] {
  if (field(resource.props, 'roleRef', 'name') !== 'cluster-admin') return [];
  return [
    `${describe(resource)} binds to cluster-admin: write a role that has what is needed, and bind to that in roleRef`,
  ];
}
