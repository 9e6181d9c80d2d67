import { type HpaConfig } from './config';
import { type Failure, type HpaContainer, type HpaPod } from './inputs';
import { int64 } from './numbers';

/**
 * The request of every listed pod, ignored ones too, in milli-units (`calculateRequests`).
 * @param container name of the only container that counts; empty for the whole pod
 */
export function podRequests(
  pods: readonly HpaPod[],
  container: string,
  resource: string,
  config: HpaConfig,
): ReadonlyMap<string, bigint> | Failure {
  const requests = new Map<string, bigint>();
  for (const pod of pods) {
    const podLevel = config.featureGates.PodLevelResources && container === '' && hasPodLevelRequests(pod);
    const request = podLevel
      ? podLevelRequest(pod, resource)
      : requestOfContainers(pod, container, resource, config);
    if (typeof request !== 'bigint') return request;
    requests.set(pod.name, request);
  }
  return requests;
}

function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

function hasPodLevelRequests(pod: HpaPod): boolean {
  return pod.requests !== undefined && Object.keys(pod.requests).some(isPodLevelResource);
}

function isSidecar(container: { readonly restartPolicy?: string | undefined }): boolean {
  return container.restartPolicy === 'Always';
}

/** As `resource.PodRequests`: the pod-level request, or what the containers add up to. */
function podLevelRequest(pod: HpaPod, resource: string): bigint | Failure {
  const own = isPodLevelResource(resource) ? pod.requests?.[resource] : undefined;
  return (
    own ??
    aggregatedRequest(pod, resource) ?? {
      error: `missing pod-level request for ${resource} in Pod ${pod.name}`,
    }
  );
}

/** Containers and sidecars together, but at least what any init container needs while it runs. */
function aggregatedRequest(pod: HpaPod, resource: string): bigint | undefined {
  let total = sum(pod.containers.map((container) => container.requests?.[resource]));
  let sidecars: bigint | undefined;
  let starting: bigint | undefined;
  for (const container of pod.initContainers ?? []) {
    const request = container.requests?.[resource];
    const during = sum([request, sidecars]);
    if (isSidecar(container)) {
      total = sum([total, request]);
      sidecars = during;
    }
    starting = larger(starting, during);
  }
  return larger(total, starting);
}

/** Sum of the requests that are set; undefined if none is. */
function sum(requests: readonly (bigint | undefined)[]): bigint | undefined {
  return requests.reduce(
    (total, request) => (request === undefined ? total : (total ?? 0n) + request),
    undefined,
  );
}

function larger(left: bigint | undefined, right: bigint | undefined): bigint | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left > right ? left : right;
}

function requestOfContainers(
  pod: HpaPod,
  only: string,
  resource: string,
  config: HpaConfig,
): bigint | Failure {
  let total = 0n;
  let found = false;
  for (const container of countedContainers(pod)) {
    if (only !== '' && container.name !== only) continue;
    const request = container.requests?.[resource];
    if (request === undefined) {
      return { error: `missing request for ${resource} in container ${container.name} of Pod ${pod.name}` };
    }
    found = true;
    total = int64(total + request);
  }
  // Before 1.35 a container that is not there requested nothing.
  if (only !== '' && !found && config.minor >= 35) {
    return { error: `container ${only} not found in Pod ${pod.name}` };
  }
  return total;
}

function countedContainers(pod: HpaPod): readonly HpaContainer[] {
  const sidecars = pod.initContainers?.filter(isSidecar);
  return sidecars?.length ? [...pod.containers, ...sidecars] : pod.containers;
}
