import { needsOf, type Resource } from './resource';
import { shortUrn } from './urn';

/** Resources of a stack by URN, each after what it needs. */
export type State = ReadonlyMap<string, Resource>;

/** The resource that a goal is about: of its URN, or of one that it had before. */
export function findOld(state: State, urn: string, aliases: readonly string[]): Resource | undefined {
  return [urn, ...aliases].map((candidate) => state.get(candidate)).find((found) => found !== undefined);
}

/** Resources with everything that needs them before them; of those that are free the first by URN. @throws Error on a cycle */
export function deletionOrder(resources: readonly Resource[]): Resource[] {
  const left = new Map(resources.map((resource) => [resource.urn, resource]));
  const order: Resource[] = [];
  while (left.size > 0) {
    const needed = new Set([...left.values()].flatMap(needsOf));
    const free = [...left.values()].filter((resource) => !needed.has(resource.urn));
    if (free.length === 0)
      throw new Error(`resources need each other: ${[...left.keys()].map(shortUrn).join(', ')}`);
    for (const resource of free.sort((a, b) => (a.urn < b.urn ? -1 : 1))) {
      order.push(resource);
      left.delete(resource.urn);
    }
  }
  return order;
}
