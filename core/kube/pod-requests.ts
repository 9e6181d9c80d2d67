import type { Container, PodSpec } from './kinds/pod';
import { Quantity } from './quantity';

/** The resources that pods are scheduled by. */
export const SCHEDULED_RESOURCES = ['cpu', 'memory'] as const;

type Resource = (typeof SCHEDULED_RESOURCES)[number];
type Amounts = Readonly<Record<Resource, bigint>>;

/**
 * What a pod takes of its node, in billionths of a core or byte (`PodRequests` of k8s.io/component-helpers, and the
 * defaults that the API server fills in before): the sum of its containers and sidecars, or the largest init container
 * if that is more; what the pod requests as a whole instead, if it does; and the overhead of its runtime class.
 *
 * A limit stands in for a request that is not set. A limit of the pod as a whole does so only where no container
 * requests anything (KEP-2837).
 */
export function podRequests(spec: PodSpec): Amounts {
  const of = (resource: Resource): bigint => {
    const { requests, limits } = spec.resources ?? {};
    const own = nanos(requests?.[resource]) ?? sumOf(spec, resource) ?? nanos(limits?.[resource]) ?? 0n;
    return own + (nanos(spec.overhead?.[resource]) ?? 0n);
  };
  return { cpu: of('cpu'), memory: of('memory') };
}

/** Undefined if no container says what it requests. */
function sumOf({ containers, initContainers = [] }: PodSpec, resource: Resource): bigint | undefined {
  const said = [...initContainers, ...containers].some((one) => requestOf(one, resource) !== undefined);
  if (!said) return undefined;
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

function requestOf({ resources }: Pick<Container, 'resources'>, resource: Resource): bigint | undefined {
  return nanos(resources?.requests?.[resource] ?? resources?.limits?.[resource]);
}

function nanos(amount: string | number | undefined): bigint | undefined {
  return amount === undefined ? undefined : Quantity.parse(amount).nanos;
}
