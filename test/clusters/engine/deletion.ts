import type { Provider } from './provider';
import type { Resource } from './resource';
import { deletionOrder } from './state';
import { shortUrn } from './urn';

/** What became of a resource that is not wanted any more. */
export interface Deletion {
  readonly resource: Resource;
  /** `gone-with` its `deletedWith`, `retained` by its option, `forgotten` for components, which are only in the state. */
  readonly how: 'deleted' | 'gone-with' | 'retained' | 'forgotten';
}

/**
 * Deletes resources, each before what it needs.
 *
 * @param providerOf what made a type
 * @throws Error naming what is protected, before anything is deleted
 */
export async function deleteAll(
  resources: readonly Resource[],
  providerOf: (type: string) => Provider | undefined,
): Promise<Deletion[]> {
  const kept = resources
    .filter((resource) => resource.options.protect)
    .map((resource) => shortUrn(resource.urn));
  if (kept.length > 0) throw new Error(`protected, cannot be deleted: ${kept.join(', ')}`);
  const going = new Set(resources.map((resource) => resource.urn));
  const done: Deletion[] = [];
  for (const resource of deletionOrder(resources)) {
    const how = waysOf(resource, going);
    if (how === 'deleted') await providerOf(resource.type)?.delete?.(resource);
    done.push({ resource, how });
  }
  return done;
}

function waysOf(resource: Resource, going: ReadonlySet<string>): Deletion['how'] {
  if (!resource.custom) return 'forgotten';
  if (resource.options.retainOnDelete) return 'retained';
  return going.has(resource.options.deletedWith) ? 'gone-with' : 'deleted';
}
