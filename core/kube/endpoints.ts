import { namespaceOf, type Inventory } from './inventory';
import type { Service, ServicePort } from './kinds/core';
import type { Container, PodSpec, Workload } from './kinds/pod';
import { Selector, type Labels } from './selector';

/** Labels of the pods that a workload makes. */
export function podLabels(workload: Workload): Labels {
  return workload.spec.template.metadata?.labels ?? {};
}

/** Whether a Service selects pods with these labels in this namespace. A Service without selector selects none. */
export function selectsPod(service: Service, namespace: string, labels: Labels): boolean {
  const { selector } = service.spec;
  if (!selector || Object.keys(selector).length === 0 || namespaceOf(service) !== namespace) return false;
  return Selector.from({ matchLabels: selector }).matches(labels);
}

/** The workloads whose pods a Service selects. */
export function workloadsBehind(service: Service, workloads: readonly Workload[]): readonly Workload[] {
  return workloads.filter((workload) => selectsPod(service, namespaceOf(workload), podLabels(workload)));
}

/**
 * Containers whose ports belong to the pod: the ordinary ones, then the sidecars among the init containers. Of two ports
 * of one name the first counts (`FindPort` of k8s.io/endpointslice).
 */
export function servingContainers(spec: PodSpec): readonly Container[] {
  return [
    ...spec.containers,
    ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ];
}

/**
 * The container port that a Service port leads to in a pod, as the EndpointSlice controller resolves it: a number is
 * taken as it is, declared or not; a name must be that of a container port of the same protocol.
 * @returns undefined if no container has a port of that name
 */
export function resolveTargetPort(port: ServicePort, spec: PodSpec): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const protocol = port.protocol ?? 'TCP';
  for (const container of servingContainers(spec)) {
    const found = container.ports?.find(
      (candidate) => candidate.name === target && (candidate.protocol ?? 'TCP') === protocol,
    );
    if (found) return found.containerPort;
  }
  return undefined;
}

/** The Service of that name and the port with that number, if both exist. */
export function findServicePort(
  inventory: Inventory,
  namespace: string,
  name: string,
  port: number,
): { readonly service: Service; readonly port: ServicePort } | undefined {
  const service = inventory.services.find(
    (candidate) => candidate.metadata.name === name && namespaceOf(candidate) === namespace,
  );
  const found = service?.spec.ports?.find((candidate) => candidate.port === port);
  return service && found ? { service, port: found } : undefined;
}
