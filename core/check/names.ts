import { BUILT_IN_NAMESPACES, DEFAULT_NAMESPACE } from '../kube/inventory';
import type { ApiResources } from '../kube/api-resources';
import { groupOf, refOf, refText, type KubeObject, type ObjectRef } from '../kube/object';
import type { Check } from './check';
import type { Problem } from './finding';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Kinds whose names become DNS labels. */
const LABEL_NAMED = ['Namespace', 'Service'];
/** Kinds whose names only have to be one segment of a path. */
const PATH_NAMED = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];

export const duplicateObject: Check = {
  id: 'duplicate-object',
  title: 'No two objects of a kind have the same name',
  severity: 'error',
  *run({ written }) {
    const seen = new Set<string>();
    for (const object of written.objects) {
      const ref = refOf(object);
      const key = `${groupOf(ref.apiVersion)} ${refText(ref)}`;
      if (seen.has(key) && ref.kind !== 'APIService') {
        yield {
          object: ref,
          message: 'there is another object of this kind and name, and the later one replaces the earlier',
          fix: `rename one of the two objects ${refText(ref)}, or remove it`,
        };
      }
      seen.add(key);
    }
  },
};

export const invalidName: Check = {
  id: 'invalid-name',
  title: 'Names are valid DNS names',
  severity: 'error',
  *run({ written }) {
    for (const object of written.objects) {
      const ref = refOf(object);
      const problem = nameProblem(ref);
      if (problem) yield { object: ref, ...problem };
    }
  },
};

function nameProblem({ kind, name }: ObjectRef): Omit<Problem, 'object'> | undefined {
  if (PATH_NAMED.includes(kind)) {
    if (!/[/%]/.test(name) && name !== '.' && name !== '..') return undefined;
    return { message: `"${name}" is not valid in a path`, fix: 'leave out "/" and "%"' };
  }
  const [syntax, most, what] = LABEL_NAMED.includes(kind)
    ? ([LABEL, 63, 'DNS label'] as const)
    : ([SUBDOMAIN, 253, 'DNS subdomain'] as const);
  if (syntax.test(name) && name.length <= most) return undefined;
  return {
    message: `"${name}" is not a ${what}`,
    fix: `set metadata.name to at most ${most} lower case letters, digits${what === 'DNS label' ? '' : ', dots'} and dashes`,
  };
}

/** The API server clears it (`EnsureObjectNamespaceMatchesRequestNamespace` of k8s.io/apiserver), so it misleads only. */
export const namespaceOnClusterScoped: Check = {
  id: 'namespace-on-cluster-scoped',
  title: 'Cluster-scoped objects have no namespace',
  severity: 'warning',
  ofOwnObjects: true,
  *run({ written }) {
    const { apiResources } = written;
    for (const object of written.objects) {
      if (object.metadata.namespace === undefined || isNamespaced(object, apiResources) !== false) continue;
      yield {
        object: refOf(object),
        message: `${object.kind} is cluster-scoped, so the API server drops its metadata.namespace "${object.metadata.namespace}"`,
        fix: 'remove metadata.namespace',
      };
    }
  },
};

export const defaultNamespace: Check = {
  id: 'default-namespace',
  title: 'Nothing is in the namespace "default"',
  severity: 'warning',
  ofOwnObjects: true,
  *run({ written }) {
    const { apiResources } = written;
    for (const object of written.objects) {
      const { namespace = DEFAULT_NAMESPACE } = object.metadata;
      if (namespace !== DEFAULT_NAMESPACE || isNamespaced(object, apiResources) !== true) continue;
      yield {
        object: refOf(object),
        message:
          object.metadata.namespace === undefined
            ? 'metadata.namespace is not set, so it lands wherever the current context says'
            : 'it is in the namespace "default"',
        fix: 'set metadata.namespace to a namespace of its own',
      };
    }
  },
};

/** A release's namespace is made by Helm, so only the objects that are applied count. */
export const namespaceMissing: Check = {
  id: 'namespace-missing',
  title: 'Every namespace that is used exists',
  severity: 'error',
  *run({ written, isProvided }) {
    const { apiResources } = written;
    const known = new Set([
      ...BUILT_IN_NAMESPACES,
      ...written.namespaces.map(({ metadata }) => metadata.name),
      ...written.objects
        .filter((object) => isProvided(refOf(object)))
        .map(({ metadata }) => metadata.namespace),
    ]);
    for (const object of written.objects) {
      const { namespace } = object.metadata;
      if (namespace === undefined || known.has(namespace)) continue;
      if (isNamespaced(object, apiResources) === false) continue;
      known.add(namespace);
      yield {
        object: refOf(object),
        message: `namespace "${namespace}" does not exist`,
        fix: `add an object Namespace ${namespace}`,
      };
    }
  },
};

/** `undefined` for kinds that are not known. */
function isNamespaced(object: KubeObject, resources: ApiResources): boolean | undefined {
  return resources.findKind(groupOf(object.apiVersion), object.kind)?.namespaced;
}
