import type { Labels } from '../kube/selector';

/** A port of a container, as the pod's spec declares it. */
export interface DiscoveredContainerPort {
  readonly name?: string | undefined;
  readonly containerPort: number;
  /** Default `TCP`. */
  readonly protocol?: string | undefined;
}

/** A container of a pod. */
export interface DiscoveredContainer {
  readonly name: string;
  readonly image?: string | undefined;
  /** Listed under `initContainers`; native sidecars are. */
  readonly init?: boolean | undefined;
  readonly ports?: readonly DiscoveredContainerPort[] | undefined;
}

/** A pod as the API server shows it at one moment. */
export interface DiscoveredPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string | undefined;
  /** Absent until the pod has an address. */
  readonly ip?: string | undefined;
  readonly hostIp?: string | undefined;
  readonly node?: string | undefined;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** Status of the Ready condition. */
  readonly ready: boolean;
  readonly labels: Labels;
  readonly annotations?: Labels | undefined;
  /** The ordinary ones first, then those listed under `initContainers`, as Prometheus looks at them. */
  readonly containers: readonly DiscoveredContainer[];
  /** The controlling owner, e.g. the ReplicaSet. */
  readonly owner?: { readonly kind: string; readonly name: string } | undefined;
}

/** A port of an Endpoints or EndpointSlice object; its number is the one the pod listens on. */
export interface DiscoveredEndpointPort {
  /** Name of the Service's port; `''` when it has none. */
  readonly name: string;
  readonly port: number;
  /** Default `TCP`. */
  readonly protocol?: string | undefined;
}

/** One address behind a Service. */
export interface DiscoveredEndpoint {
  /** The pod behind the address, in the Service's namespace. Absent when it is not a pod. */
  readonly podName?: string | undefined;
  readonly ip: string;
  readonly node?: string | undefined;
  readonly ready: boolean;
  /** The pod is being deleted: an EndpointSlice still lists it, an Endpoints object does not. */
  readonly terminating?: boolean | undefined;
  readonly ports: readonly DiscoveredEndpointPort[];
}

/** A Service with the addresses behind it. */
export interface DiscoveredService {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations?: Labels | undefined;
  /** All addresses then count as ready, and an Endpoints object lists terminating pods too. */
  readonly publishNotReadyAddresses?: boolean | undefined;
  readonly endpoints: readonly DiscoveredEndpoint[];
}

/** A node, needed only where a monitor asks for `attachMetadata.node`. */
export interface DiscoveredNode {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations?: Labels | undefined;
}

/** What Prometheus' Kubernetes service discovery sees of the API at one moment. */
export interface DiscoveryState {
  readonly services: readonly DiscoveredService[];
  readonly pods: readonly DiscoveredPod[];
  readonly nodes?: readonly DiscoveredNode[] | undefined;
}
