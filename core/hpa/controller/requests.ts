import { add, type Int64 } from '../../kube/int64';
import { type Quantity } from '../../kube/quantity';
import { ownValue } from '../../own-value';
import { type HpaConfig } from '../config/config';
import { type Failure, type HpaContainer, type HpaPod } from './inputs';

/**
 * The request of a pod in milli-units (`calculateRequests`). One that cannot be said fails the whole metric, even that
 * of a pod that is ignored.
 * @param container name of the only container that counts; empty for the whole pod
 */
export function podRequest(
  pod: HpaPod,
  container: string,
  resource: string,
  config: HpaConfig,
): Int64 | Failure {
  if (container !== '') return containerRequest(pod, container, resource, config);
  const podLevel = config.rules.readsPodLevelRequests && config.featureGates.PodLevelResources;
  return podLevel && hasPodLevelRequests(pod)
    ? podLevelRequest(pod, resource)
    : requestOfContainers(pod, resource, config);
}

/** The API server takes any name for a resource, `constructor` too. */
function requested(requests: HpaContainer['requests'], resource: string): Quantity | undefined {
  return requests && ownValue(requests, resource);
}

function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

function hasPodLevelRequests({ requests }: HpaPod): boolean {
  for (const name in requests) if (isPodLevelResource(name)) return true;
  return false;
}

function isSidecar(container: { readonly restartPolicy?: string | undefined }): boolean {
  return container.restartPolicy === 'Always';
}

/** As `resource.PodRequests`: the pod-level request, or what the containers add up to; and the overhead on top. */
function podLevelRequest(pod: HpaPod, resource: string): Int64 | Failure {
  const own = isPodLevelResource(resource) ? requested(pod.requests, resource) : undefined;
  const total = sum(own ?? aggregatedRequest(pod, resource), requested(pod.overhead, resource));
  return total?.milliInt64() ?? { error: `missing pod-level request for ${resource} in Pod ${pod.name}` };
}

/** Containers and sidecars together, but at least what any init container needs while it runs. */
function aggregatedRequest(pod: HpaPod, resource: string): Quantity | undefined {
  let total: Quantity | undefined;
  for (const { requests } of pod.containers) total = sum(total, requested(requests, resource));
  let sidecars: Quantity | undefined;
  let starting: Quantity | undefined;
  for (const container of pod.initContainers ?? []) {
    const request = requested(container.requests, resource);
    const during = sum(request, sidecars);
    if (isSidecar(container)) {
      total = sum(total, request);
      sidecars = during;
    }
    starting = larger(starting, during);
  }
  return larger(total, starting);
}

/** Sum of the requests that are set; undefined if none is. */
function sum(left: Quantity | undefined, right: Quantity | undefined): Quantity | undefined {
  return left && right ? left.plus(right) : (left ?? right);
}

function larger(left: Quantity | undefined, right: Quantity | undefined): Quantity | undefined {
  if (!left || !right) return left ?? right;
  return left.compare(right) > 0 ? left : right;
}

/** Containers, and since 1.29 sidecars, added up (`calculatePodRequestsFromContainers`). */
function requestOfContainers(pod: HpaPod, resource: string, config: HpaConfig): Int64 | Failure {
  let total: Int64 = 0;
  for (const container of pod.containers) {
    const request = requested(container.requests, resource);
    if (!request) return missingRequest(pod, container, resource);
    total = add(total, request.milliInt64());
  }
  if (!pod.initContainers || !config.rules.countsSidecars) return total;
  for (const container of pod.initContainers) {
    if (!isSidecar(container)) continue;
    const request = requested(container.requests, resource);
    if (!request) return missingRequest(pod, container, resource);
    total = add(total, request.milliInt64());
  }
  return total;
}

/** The same for one container, whose name is unique in a pod. */
function containerRequest(pod: HpaPod, name: string, resource: string, config: HpaConfig): Int64 | Failure {
  const container =
    pod.containers.find((candidate) => candidate.name === name) ??
    (config.rules.countsSidecars
      ? pod.initContainers?.find((candidate) => candidate.name === name && isSidecar(candidate))
      : undefined);
  if (!container) {
    return config.rules.missingContainerIsError
      ? { error: `container ${name} not found in Pod ${pod.name}` }
      : 0;
  }
  return requested(container.requests, resource)?.milliInt64() ?? missingRequest(pod, container, resource);
}

function missingRequest(pod: HpaPod, container: HpaContainer, resource: string): Failure {
  return { error: `missing request for ${resource} in container ${container.name} of Pod ${pod.name}` };
}
