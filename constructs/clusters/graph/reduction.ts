import { UsageError } from '../../../core/errors';

/** Edges by node: what each needs. */
export type Needs<Node> = ReadonlyMap<Node, ReadonlySet<Node>>;

/**
 * The same order with the fewest edges (transitive reduction): an edge is left out where others imply it. The nodes come
 * out in an order in which each follows what it needs, and otherwise in the one that they had.
 * @param text names a node in the error
 * @throws UsageError if nodes need each other in a circle
 */
export function reduced<Node>(needs: Needs<Node>, text: (node: Node) => string): Map<Node, Set<Node>> {
  const reachable = new Map<Node, Set<Node>>();
  const result = new Map<Node, Set<Node>>();
  const open: Node[] = [];

  function visit(node: Node): Set<Node> {
    const known = reachable.get(node);
    if (known) return known;
    if (open.includes(node)) {
      const circle = [...open.slice(open.indexOf(node)), node].map(text);
      throw new UsageError(`objects need each other in a circle: ${circle.join(' needs ')}`);
    }
    open.push(node);
    const direct = [...(needs.get(node) ?? [])];
    const through = new Set(direct.flatMap((need) => [...visit(need)]));
    open.pop();
    result.set(node, new Set(direct.filter((need) => !through.has(need))));
    const all = new Set([...direct, ...through]);
    reachable.set(node, all);
    return all;
  }

  for (const node of needs.keys()) visit(node);
  return result;
}
