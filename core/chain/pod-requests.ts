import type { Container, PodSpec } from '../kube/kinds/pod';
import { Quantity } from '../kube/quantity';
import type { ClusterDescriptor } from '../model';

/** The resources that pods are scheduled by. */
export const SCHEDULED_RESOURCES = ['cpu', 'memory'] as const;

type Amounts = Readonly<Record<(typeof SCHEDULED_RESOURCES)[number], bigint>>;

/**
 * What a pod takes of its node, in billionths of a core or byte (`PodRequests` of k8s.io/component-helpers): the sum
 * of its containers and sidecars, or the largest init container if that is more. A limit stands in for a request that
 * is not set, and requests of the pod as a whole replace those of its containers.
 */
export function podRequests(spec: PodSpec): Amounts {
  const of = (resource: keyof Amounts) => requestOf(spec, resource) ?? sumOf(spec, resource);
  return { cpu: of('cpu'), memory: of('memory') };
}

function sumOf({ containers, initContainers = [] }: PodSpec, resource: keyof Amounts): bigint {
  let sidecars = 0n;
  let largestInit = 0n;
  for (const container of initContainers) {
    const request = requestOf(container, resource) ?? 0n;
    const atOnce = sidecars + request;
    if (atOnce > largestInit) largestInit = atOnce;
    if (container.restartPolicy === 'Always') sidecars = atOnce;
  }
  const running = containers.reduce(
    (sum, container) => sum + (requestOf(container, resource) ?? 0n),
    sidecars,
  );
  return running > largestInit ? running : largestInit;
}

function requestOf({ resources }: Pick<Container, 'resources'>, resource: keyof Amounts): bigint | undefined {
  const amount = resources?.requests?.[resource] ?? resources?.limits?.[resource];
  return amount === undefined ? undefined : Quantity.parse(amount).nanos;
}

/** The nodes that the pods of a workload may be put on: workers where there are any; a DaemonSet takes all. */
export function nodesFor(
  kind: string,
  { nodes }: Pick<ClusterDescriptor, 'nodes'>,
): ClusterDescriptor['nodes'] {
  const workers = nodes.filter(({ role }) => role === 'worker');
  return kind === 'DaemonSet' || workers.length === 0 ? nodes : workers;
}
