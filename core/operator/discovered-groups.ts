import type { Labels } from '../kube/selector';
import type {
  DiscoveredContainer,
  DiscoveredContainerPort,
  DiscoveredEndpoint,
  DiscoveredEndpointPort,
  DiscoveredPod,
  DiscoveredService,
  DiscoveryState,
} from './discovery-state';
import { objectMetaLabels } from './meta-labels';

/** A target as service discovery finds it, before relabelling. */
export interface RawTarget {
  readonly labels: Labels;
  readonly pod: DiscoveredPod | undefined;
}

/** Lookups over a state. */
export interface StateIndex {
  readonly pods: ReadonlyMap<string, DiscoveredPod>;
  /** The pod at an address; where several share a node's address, the first. */
  readonly podsByIp: ReadonlyMap<string, DiscoveredPod>;
  readonly nodeLabels: ReadonlyMap<string, Labels>;
}

const indexes = new WeakMap<DiscoveryState, StateIndex>();

/** The lookups of a state, made once. */
export function indexOf(state: DiscoveryState): StateIndex {
  let index = indexes.get(state);
  if (!index) {
    index = {
      pods: new Map(state.pods.map((pod) => [podKey(pod.namespace, pod.name), pod])),
      podsByIp: new Map([...state.pods].reverse().flatMap((pod) => (pod.ip ? [[pod.ip, pod] as const] : []))),
      nodeLabels: new Map((state.nodes ?? []).map((node) => [node.name, objectMetaLabels('node', node)])),
    };
    indexes.set(state, index);
  }
  return index;
}

/** `host:port`, with brackets around an IPv6 address. */
function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Targets of role `pod`: one per container port, or one per container that declares none. */
export function podTargets(pod: DiscoveredPod, index: StateIndex, attachNode: boolean): RawTarget[] {
  const { ip } = pod;
  if (!ip) return [];
  const nodeLabels = index.nodeLabels.get(pod.node ?? '');
  // With node metadata, Prometheus leaves out pods whose node it does not know.
  if (attachNode && !nodeLabels) return [];
  const shared = {
    ...podLabels(pod),
    __meta_kubernetes_namespace: pod.namespace,
    ...(attachNode ? nodeLabels : {}),
  };
  return pod.containers.flatMap((container) => {
    const own = { ...shared, ...containerLabels(container) };
    if (!container.ports?.length) return [{ pod, labels: { ...own, __address__: ip } }];
    return container.ports.map((port) => ({
      pod,
      labels: { ...own, ...containerPortLabels(port), __address__: joinHostPort(ip, port.containerPort) },
    }));
  });
}

/**
 * Targets of the roles `endpoints` and `endpointslice`: one per address and port of the Service, and one per port
 * that the containers behind it declare besides, which has no endpoint port name.
 */
export function serviceTargets(
  service: DiscoveredService,
  role: 'endpoints' | 'endpointslice',
  index: StateIndex,
  attachNode: boolean,
): RawTarget[] {
  const shared = groupLabels(service, role);
  const covered = new Map<DiscoveredPod, Set<number>>();
  const targets = service.endpoints
    .filter((endpoint) => isListed(endpoint, service, role))
    .flatMap((endpoint) => {
      const pod =
        endpoint.podName === undefined
          ? undefined
          : index.pods.get(podKey(service.namespace, endpoint.podName));
      const nodeLabels = attachNode ? index.nodeLabels.get(endpoint.node ?? '') : undefined;
      // Prometheus comes across a pod through an address with a port only.
      if (pod && endpoint.ports.length > 0)
        covered.set(pod, new Set([...(covered.get(pod) ?? []), ...endpoint.ports.map(({ port }) => port)]));
      return endpoint.ports.map((port) => ({
        pod,
        labels: {
          ...shared,
          ...endpointLabels(endpoint, port, service, role),
          ...nodeLabels,
          ...(pod ? backingLabels(pod, port.port) : {}),
        },
      }));
    });
  const uncovered = [...covered].flatMap(([pod, ports]) => uncoveredTargets(pod, ports, shared));
  return [...targets, ...uncovered];
}

/** Meta labels that say which Service a target belongs to. */
function groupLabels(service: DiscoveredService, role: 'endpoints' | 'endpointslice'): Labels {
  return {
    __meta_kubernetes_namespace: service.namespace,
    ...objectMetaLabels('service', service),
    // The controllers copy the Service's labels to the objects they make.
    ...(role === 'endpoints'
      ? objectMetaLabels('endpoints', {
          name: service.name,
          labels: { ...service.labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
        })
      : {
          ...objectMetaLabels('endpointslice', {
            name: `${service.name}-00000`,
            labels: {
              ...service.labels,
              'kubernetes.io/service-name': service.name,
              'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            },
          }),
          __meta_kubernetes_endpointslice_address_type: service.endpoints[0]?.ip.includes(':')
            ? 'IPv6'
            : 'IPv4',
        }),
  };
}

function isListed(
  endpoint: DiscoveredEndpoint,
  service: DiscoveredService,
  role: 'endpoints' | 'endpointslice',
): boolean {
  return role === 'endpointslice' || !endpoint.terminating || service.publishNotReadyAddresses === true;
}

function endpointLabels(
  endpoint: DiscoveredEndpoint,
  port: DiscoveredEndpointPort,
  { publishNotReadyAddresses = false }: DiscoveredService,
  role: 'endpoints' | 'endpointslice',
): Labels {
  const protocol = port.protocol ?? 'TCP';
  const address = { __address__: joinHostPort(endpoint.ip, port.port) };
  const kind = endpoint.podName === undefined ? undefined : 'Pod';
  if (role === 'endpoints') {
    return {
      ...address,
      __meta_kubernetes_endpoint_port_name: port.name,
      __meta_kubernetes_endpoint_port_protocol: protocol,
      __meta_kubernetes_endpoint_ready: String(publishNotReadyAddresses || endpoint.ready),
      __meta_kubernetes_endpoint_node_name: endpoint.node ?? '',
      __meta_kubernetes_endpoint_address_target_kind: kind ?? '',
      __meta_kubernetes_endpoint_address_target_name: endpoint.podName ?? '',
    };
  }
  return {
    ...address,
    __meta_kubernetes_endpointslice_port: String(port.port),
    __meta_kubernetes_endpointslice_port_name: port.name,
    __meta_kubernetes_endpointslice_port_protocol: protocol,
    __meta_kubernetes_endpointslice_endpoint_conditions_ready: String(
      publishNotReadyAddresses || (endpoint.ready && !endpoint.terminating),
    ),
    __meta_kubernetes_endpointslice_endpoint_conditions_serving: String(endpoint.ready),
    __meta_kubernetes_endpointslice_endpoint_conditions_terminating: String(endpoint.terminating ?? false),
    __meta_kubernetes_endpointslice_endpoint_node_name: endpoint.node ?? '',
    __meta_kubernetes_endpointslice_address_target_kind: kind ?? '',
    __meta_kubernetes_endpointslice_address_target_name: endpoint.podName ?? '',
  };
}

/** Labels of the pod behind an endpoint, and of the container that declares its port; the last one wins. */
function backingLabels(pod: DiscoveredPod, port: number): Labels {
  const container = pod.containers.findLast((candidate) =>
    candidate.ports?.some((p) => p.containerPort === port),
  );
  const declared = container?.ports?.find((candidate) => candidate.containerPort === port);
  return {
    ...podLabels(pod),
    ...(container && declared ? { ...containerLabels(container), ...containerPortLabels(declared) } : {}),
  };
}

function uncoveredTargets(pod: DiscoveredPod, covered: ReadonlySet<number>, shared: Labels): RawTarget[] {
  const { ip } = pod;
  if (!ip) return [];
  return pod.containers.flatMap((container) =>
    (container.ports ?? [])
      .filter(({ containerPort }) => !covered.has(containerPort))
      .map((port) => ({
        pod,
        labels: {
          ...shared,
          ...podLabels(pod),
          ...containerLabels(container),
          ...containerPortLabels(port),
          __address__: joinHostPort(ip, port.containerPort),
        },
      })),
  );
}

function podLabels(pod: DiscoveredPod): Labels {
  return {
    __meta_kubernetes_pod_ip: pod.ip ?? '',
    __meta_kubernetes_pod_ready: String(pod.ready),
    __meta_kubernetes_pod_phase: pod.phase,
    __meta_kubernetes_pod_node_name: pod.node ?? '',
    __meta_kubernetes_pod_host_ip: pod.hostIp ?? '',
    __meta_kubernetes_pod_uid: pod.uid ?? '',
    ...objectMetaLabels('pod', pod),
    __meta_kubernetes_pod_controller_kind: pod.owner?.kind ?? '',
    __meta_kubernetes_pod_controller_name: pod.owner?.name ?? '',
  };
}

function containerLabels(container: DiscoveredContainer): Labels {
  return {
    __meta_kubernetes_pod_container_name: container.name,
    __meta_kubernetes_pod_container_image: container.image ?? '',
    __meta_kubernetes_pod_container_init: String(container.init ?? false),
  };
}

function containerPortLabels(port: DiscoveredContainerPort): Labels {
  return {
    __meta_kubernetes_pod_container_port_name: port.name ?? '',
    __meta_kubernetes_pod_container_port_number: String(port.containerPort),
    __meta_kubernetes_pod_container_port_protocol: port.protocol ?? 'TCP',
  };
}

function podKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
