import type { ICiliumNetworkPolicy } from '@kubernetes-models/cilium/cilium.io/v2/CiliumNetworkPolicy' with {
  'resolution-mode': 'import',
};
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { NotSupportedError } from '../core/errors';
import type { Labels } from '../core/kube/selector';
import { CNI_CONTEXT } from '../core/model';
import type { App } from './app';
import { k8s } from './kubernetes';
import { PodPort } from './port';

/**
 * Peers that are no pods. Only Cilium's policies can name them; a NetworkPolicy opens the port to everybody instead,
 * because the addresses of nodes and API servers are not known before there is a cluster.
 */
export class Entity {
  static readonly apiServer = new Entity('api-server', ['kube-apiserver']);
  static readonly nodes = new Entity('nodes', ['host', 'remote-node']);
  /** The API server as a client: its connections come from its node. */
  static readonly controlPlane = new Entity('control-plane', ['kube-apiserver', 'host', 'remote-node']);
  /** Whoever comes in through a node port. */
  static readonly outside = new Entity('outside', ['world', 'host', 'remote-node']);

  private constructor(
    /** For the names of policies. */
    readonly name: string,
    readonly entities: readonly ('kube-apiserver' | 'host' | 'remote-node' | 'world')[],
  ) {}
}

/** Requests that an HTTP connection may carry; whoever inspects them reports each as an L7 flow. */
export interface HttpInspection {
  readonly methods: readonly string[];
  /** Where a proxy inspects the requests: at the server only, or at the client as well. */
  readonly by: 'server' | 'both';
}

/** Who talks to whom. */
export type ConnectionProps =
  | {
      readonly from: App;
      readonly to: PodPort;
      readonly http?: HttpInspection;
      /** What the client calls the server, where it reaches several of one name in different namespaces. */
      readonly alias?: string;
    }
  | { readonly from: App; readonly to: Entity; readonly port: number }
  | { readonly from: Entity; readonly to: PodPort };

/**
 * Opens one connection between namespaces that deny everything by default: egress at the client, ingress at the
 * server. A NetworkPolicy where it suffices, a CiliumNetworkPolicy where a peer is no pod or requests are inspected.
 *
 * Where the context {@link CNI_CONTEXT} of the tree says that the CNI is not Cilium there are NetworkPolicies only.
 */
export class Connection extends Construct {
  /** @throws NotSupportedError for an inspection of requests without Cilium */
  constructor(scope: Construct, id: string, props: ConnectionProps) {
    super(scope, id);
    const { from, to } = props;
    const http = 'http' in props ? props.http : undefined;
    if (http && !this.hasCilium) {
      throw new NotSupportedError(`${this.node.path}: inspecting requests without Cilium; leave out "http"`);
    }
    if (!(from instanceof Entity)) {
      this.egress(from, 'port' in props ? { entity: props.to, port: props.port } : serverOf(props), http);
    }
    if (to instanceof PodPort) {
      this.ingress(
        to,
        from instanceof Entity ? { entity: from, port: to.number } : podsOf(from, to.number),
        http,
      );
    }
  }

  private egress(client: App, server: Peer, http: HttpInspection | undefined): void {
    const name = `${client.name}-to-${nameOf(server)}-${server.port}`;
    const inspected = http?.by === 'both' ? http : undefined;
    this.policy('Egress', { name, namespace: client.namespace }, client.podLabels, server, inspected);
  }

  private ingress(server: PodPort, client: Peer, http: HttpInspection | undefined): void {
    const name = `${server.app}-from-${nameOf(client)}-${client.port}`;
    this.policy('Ingress', { name, namespace: server.namespace }, server.podLabels, client, http);
  }

  private policy(
    direction: Direction,
    metadata: { readonly name: string; readonly namespace: string },
    subject: Labels,
    peer: Peer,
    http: HttpInspection | undefined,
  ): void {
    if (!this.hasCilium || ('labels' in peer && !http)) {
      new k8s.KubeNetworkPolicy(this, direction, { metadata, spec: podRule(direction, subject, peer) });
      return;
    }
    const spec: ICiliumNetworkPolicy['spec'] = ciliumRule(direction, subject, peer, http);
    new ApiObject(this, direction, {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata,
      spec,
    });
  }

  private get hasCilium(): boolean {
    const cni: unknown = this.node.tryGetContext(CNI_CONTEXT);
    return cni === undefined || cni === 'cilium';
  }
}

type Direction = 'Ingress' | 'Egress';

interface PodPeer {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly port: number;
}
interface EntityPeer {
  readonly entity: Entity;
  readonly port: number;
}
/** The other end of a policy, and the server's port. */
type Peer = PodPeer | EntityPeer;

function serverOf({ to, alias = to.app }: { to: PodPort; alias?: string }): PodPeer {
  return { name: alias, namespace: to.namespace, labels: to.podLabels, port: to.number };
}

function podsOf({ name, namespace, podLabels }: App, port: number): PodPeer {
  return { name, namespace, labels: podLabels, port };
}

function nameOf(peer: Peer): string {
  return 'entity' in peer ? peer.entity.name : peer.name;
}

function podRule(direction: Direction, subject: Labels, peer: Peer): k8s.NetworkPolicySpec {
  const peers = 'labels' in peer ? [podsPeer(peer)] : undefined;
  const ports = [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(peer.port) }];
  return {
    podSelector: { matchLabels: { ...subject } },
    policyTypes: [direction],
    ...(direction === 'Ingress'
      ? { ingress: [{ ...(peers && { from: peers }), ports }] }
      : { egress: [{ ...(peers && { to: peers }), ports }] }),
  };
}

function podsPeer({ namespace, labels }: PodPeer): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: { ...labels } },
  };
}

function ciliumRule(
  direction: Direction,
  subject: Labels,
  peer: Peer,
  http: HttpInspection | undefined,
): NonNullable<ICiliumNetworkPolicy['spec']> {
  const endpointSelector = { matchLabels: { ...subject } };
  const toPorts = [
    {
      ports: [{ port: String(peer.port), protocol: 'TCP' }],
      ...(http ? { rules: { http: http.methods.map((method) => ({ method })) } } : {}),
    },
  ];
  const endpoints =
    'labels' in peer
      ? [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': peer.namespace, ...peer.labels } }]
      : undefined;
  const entities = 'entity' in peer ? [...peer.entity.entities] : undefined;
  if (direction === 'Ingress') {
    const from = {
      ...(endpoints && { fromEndpoints: endpoints }),
      ...(entities && { fromEntities: entities }),
    };
    return { endpointSelector, ingress: [{ ...from, toPorts }] };
  }
  const to = { ...(endpoints && { toEndpoints: endpoints }), ...(entities && { toEntities: entities }) };
  return { endpointSelector, egress: [{ ...to, toPorts }] };
}
