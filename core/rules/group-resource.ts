import { type ApiResource } from '../kube/api-resources';
import { type GroupResource } from './config';

/** `pods`, or `ingresses.networking.k8s.io` outside the core group (`schema.GroupResource.String()`). */
export function groupResourceText({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** Whether both name the same resource, given that both have their plural name and full group. */
function sameGroupResource(a: GroupResource, b: GroupResource): boolean {
  return a.group === b.group && a.resource === b.resource;
}

/** A normalised reference to a resource that the cluster serves. */
export function groupResourceOf(resource: ApiResource): GroupResource {
  return { group: resource.group, resource: resource.plural };
}

export const NAMESPACES: GroupResource = { group: '', resource: 'namespaces' };

/** The only resources whose metrics the adapter serves outside namespaces. */
const ROOT_SCOPED: readonly GroupResource[] = [
  NAMESPACES,
  { group: '', resource: 'nodes' },
  { group: '', resource: 'persistentvolumes' },
];

/** Whether the adapter serves metrics of this resource at the root, whatever the cluster says about its scope. */
export function isRootScoped(resource: GroupResource): boolean {
  return ROOT_SCOPED.some((root) => sameGroupResource(root, resource));
}

/**
 * Finds resources by loose names as `meta.DefaultRESTMapper` under a `PriorityRESTMapper` does: plural or singular,
 * any case; no group means the core group and then any other; a group may be given by its beginning.
 */
export class RestMapper {
  private readonly found = new Map<string, ApiResource | undefined>();

  /** @param resources what the cluster serves, groups in the order of discovery */
  constructor(private readonly resources: Iterable<ApiResource>) {}

  resolve(wanted: GroupResource): ApiResource | undefined {
    const key = groupResourceText(wanted);
    if (!this.found.has(key)) this.found.set(key, this.search(wanted));
    return this.found.get(key);
  }

  /** The singular name of a resource by either of its names, whatever its group (`ResourceSingularizer`). */
  singular(name: string): string | undefined {
    return this.named(name)[0]?.singular;
  }

  private search({ group, resource }: GroupResource): ApiResource | undefined {
    const named = this.named(resource);
    return (
      named.find((found) => found.group === group) ?? named.find((found) => found.group.startsWith(group))
    );
  }

  private named(name: string): ApiResource[] {
    const lower = name.toLowerCase();
    return [...this.resources].filter(({ plural, singular }) => plural === lower || singular === lower);
  }
}
