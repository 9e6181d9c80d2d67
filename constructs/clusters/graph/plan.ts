import { ObjectNeeds } from './needs';
import { nodesOf, nodeText, type ClusterContents, type GraphNode } from './nodes';
import { isGate } from './readiness';
import { reduced } from './reduction';

/** A node, and the nodes that have to be ready before it. */
export interface PlannedNode {
  readonly node: GraphNode;
  readonly needs: readonly GraphNode[];
}

/**
 * In which order a stack is put into its cluster: what an object needs by itself ({@link ObjectNeeds}), and the order of
 * the stages: nothing of a stage before the releases that precede it, and before everything that is waited for in the
 * stage before it. Edges that others imply are left out.
 *
 * @returns every node after those that it needs
 * @throws UsageError if objects need each other in a circle, or what an object needs is in a later stage
 */
export function planOf(contents: ClusterContents): PlannedNode[] {
  const nodes = nodesOf(contents);
  const ownNeeds = new ObjectNeeds(nodes);
  const gates = gatesOf(nodes, contents.stages.length);
  const needs = new Map(
    nodes.map((node) => [
      node,
      new Set([...ownNeeds.of(node), ...(gates[node.stage - 1] ?? []), ...releasesBefore(nodes, node)]),
    ]),
  );
  return [...reduced(needs, nodeText)].map(([node, needed]) => ({ node, needs: [...needed] }));
}

/** Releases of the same stage come one after the other, as the first may bring what the second needs. */
function releasesBefore(nodes: readonly GraphNode[], node: GraphNode): GraphNode[] {
  const releases = nodes.filter(({ kind, stage }) => kind === 'release' && stage === node.stage);
  return node.kind === 'release' ? releases.slice(0, releases.indexOf(node)) : releases;
}

/**
 * By stage, what the next one waits for. A stage in which nothing is waited for is passed when its namespaces, or else
 * all of its objects, are there; an empty one by what passes the one before it.
 */
function gatesOf(nodes: readonly GraphNode[], stages: number): GraphNode[][] {
  const gates: GraphNode[][] = [];
  for (let stage = 0; stage < stages; stage += 1) {
    const objects = nodes.filter((node) => node.kind === 'object' && node.stage === stage);
    const waited = objects.filter((node) => node.kind === 'object' && isGate(node));
    const namespaces = objects.filter(
      (node) => node.kind === 'object' && node.sourced.object.kind === 'Namespace',
    );
    const found = [waited, namespaces, objects].find((group) => group.length > 0);
    gates.push(found ?? [...(gates[stage - 1] ?? []), ...nodes.filter((node) => node.stage === stage)]);
  }
  return gates;
}
