import { podLabels, resolveTargetPort, selectsPod } from '../kube/endpoints';
import { GoRegexp } from '../kube/go-regexp';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Service, ServicePort } from '../kube/kinds/core';
import type {
  PodMetricsEndpoint,
  PodMonitor,
  Prometheus,
  ServiceMonitor,
  ServiceMonitorEndpoint,
} from '../kube/kinds/monitoring';
import type { PodSpec } from '../kube/kinds/pod';
import { refOf, refText, type ObjectRef } from '../kube/object';
import { Selector, type Labels } from '../kube/selector';
import { namespacesOf } from './scrape-jobs';
import type { Monitor } from './monitors';

/** Pods that will be: the template of a workload, or a bare Pod. */
export interface PodSource {
  readonly owner: ObjectRef;
  readonly namespace: string;
  readonly labels: Labels;
  readonly spec: PodSpec;
}

/** Where an endpoint of a monitor leads. */
export interface EndpointExplanation {
  /** Pods and ports that become targets once the pods run. */
  readonly reached: readonly { readonly pod: PodSource; readonly port: number }[];
  /** Why others do not, one sentence each, naming the objects. */
  readonly problems: readonly string[];
}

/** The Services that a ServiceMonitor selects by namespace and labels. */
export function servicesOf(
  monitor: ServiceMonitor,
  inventory: Inventory,
  prometheus?: Prometheus,
): Service[] {
  const selector = Selector.from(monitor.spec.selector);
  return inventory.services.filter(
    (service) =>
      looksIn(monitor, namespaceOf(service), prometheus) && selector.matches(service.metadata.labels ?? {}),
  );
}

/** The pods that a PodMonitor selects by namespace and labels. */
export function podsOf(monitor: PodMonitor, inventory: Inventory, prometheus?: Prometheus): PodSource[] {
  const selector = Selector.from(monitor.spec.selector);
  return podSources(inventory).filter(
    (pod) => looksIn(monitor, pod.namespace, prometheus) && selector.matches(pod.labels),
  );
}

/** The pods behind a Service; none if it has no selector. */
export function backendsOf(service: Service, inventory: Inventory): PodSource[] {
  return podSources(inventory).filter((pod) => selectsPod(service, pod.namespace, pod.labels));
}

/** The port of a Service that an endpoint names; `undefined` if it names none, or one the Service does not have. */
export function endpointPort(service: Service, endpoint: ServiceMonitorEndpoint): ServicePort | undefined {
  const { port } = endpoint;
  return port ? service.spec.ports?.find(({ name }) => nameMatches(port, name)) : undefined;
}

/** Which ports of which pods an endpoint of a ServiceMonitor leads to through a Service it selects. */
export function explainServiceEndpoint(
  service: Service,
  endpoint: ServiceMonitorEndpoint,
  inventory: Inventory,
): EndpointExplanation {
  const name = refText(refOf(service));
  const backends = backendsOf(service, inventory);
  if (backends.length === 0) {
    return { reached: [], problems: [`no workload among the objects makes pods that ${name} selects`] };
  }
  if (!endpoint.port) return merge(backends.map((pod) => declaredPorts(pod, endpoint.targetPort)));
  const port = endpointPort(service, endpoint);
  if (port) return merge(backends.map((pod) => behindServicePort(pod, port, name)));
  const names = (service.spec.ports ?? []).map(
    (candidate) => candidate.name ?? `an unnamed port ${candidate.port}`,
  );
  return {
    reached: [],
    problems: [`${name} has no port named "${endpoint.port}"; it has ${listText(names)}`],
  };
}

/** Which ports an endpoint of a PodMonitor leads to on pods that it selects. */
export function explainPodEndpoint(pod: PodSource, endpoint: PodMetricsEndpoint): EndpointExplanation {
  return declaredPorts(pod, endpoint.port || endpoint.portNumber || endpoint.targetPort);
}

function looksIn(monitor: Monitor, namespace: string, prometheus: Prometheus | undefined): boolean {
  const namespaces = namespacesOf(monitor, prometheus);
  return namespaces === 'all' || namespaces.includes(namespace);
}

function podSources(inventory: Inventory): PodSource[] {
  const fromTemplates = inventory.workloads.map((workload) => ({
    owner: refOf(workload),
    namespace: namespaceOf(workload),
    labels: podLabels(workload),
    spec: workload.spec.template.spec,
  }));
  const bare = inventory.pods.map((pod) => ({
    owner: refOf(pod),
    namespace: namespaceOf(pod),
    labels: pod.metadata.labels ?? {},
    spec: pod.spec,
  }));
  return [...fromTemplates, ...bare];
}

function behindServicePort(pod: PodSource, port: ServicePort, service: string): EndpointExplanation {
  const resolved = resolveTargetPort(port, pod.spec);
  if (resolved !== undefined) return { reached: [{ pod, port: resolved }], problems: [] };
  const problem = `port "${port.name ?? port.port}" of ${service} targets "${port.targetPort ?? port.port}", which no container of ${refText(pod.owner)} declares`;
  return { reached: [], problems: [problem] };
}

/** Ports as containers declare them, by name or number; all where the monitor asks for none in particular. */
function declaredPorts(pod: PodSource, wanted: string | number | undefined): EndpointExplanation {
  const declared = containerPorts(pod.spec);
  const found = declared.filter(({ name, containerPort }) => {
    if (!wanted) return true;
    return typeof wanted === 'number' ? containerPort === wanted : nameMatches(wanted, name);
  });
  if (found.length > 0)
    return { reached: found.map(({ containerPort }) => ({ pod, port: containerPort })), problems: [] };
  const ports = declared.map(({ name, containerPort }) => name ?? String(containerPort));
  const missing = wanted ? `port "${wanted}"` : 'any port';
  return {
    reached: [],
    problems: [`no container of ${refText(pod.owner)} declares ${missing}; they declare ${listText(ports)}`],
  };
}

function containerPorts(spec: PodSpec) {
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap((container) => container.ports ?? []);
}

function merge(parts: readonly EndpointExplanation[]): EndpointExplanation {
  return {
    reached: parts.flatMap(({ reached }) => reached),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** The operator makes a port's name into an anchored expression. */
function nameMatches(pattern: string, name = ''): boolean {
  return pattern === name || GoRegexp.compile(`^(?s:${pattern})$`, `port "${pattern}"`).matches(name);
}

function listText(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
