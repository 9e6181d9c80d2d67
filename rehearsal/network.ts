import { KUBELET_PORT } from '../core/chain';
import { servingContainers } from '../core/kube/endpoints';
import { NetworkPolicies, type Peer, type Verdict } from '../core/kube/network-policy';
import { refText } from '../core/kube/object';
import type { ServiceAddress } from '../core/kube/service-url';
import { apiServerPort } from '../core/model';
import type { VirtualPod } from './virtual-pod';
import type { World } from './world';

/** Who opens a connection: a pod, or something that is not one. */
export type Sender = VirtualPod | Extract<Peer, { kind: 'entity' }>['entity'];

const DNS: Peer = { kind: 'pod', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const DNS_PORT = 53;

/** What stands between two ends: network policies, and the proxies that they put there. */
export class Network {
  private readonly policies: NetworkPolicies;

  constructor(private readonly world: World) {
    const { networkPolicyEnforced: enforced, cni } = world.cluster;
    this.policies = NetworkPolicies.from(world.inventory, { enforced, cilium: cni === 'cilium' });
  }

  /** What policies do to a connection to a pod. */
  verdict(from: Sender, to: VirtualPod, port: number, http?: { method: string; path: string }): Verdict {
    return this.policies.verdict({
      from: typeof from === 'string' ? { kind: 'entity', entity: from } : peerOf(from, to.node),
      to: peerOf(to, typeof from === 'string' ? undefined : from.node),
      port,
      protocol: 'TCP',
      http,
    });
  }

  /** Why a pod's connection to another does not come about; undefined if it does. */
  blocked(from: Sender, to: VirtualPod, port: number): string | undefined {
    return blockedText(this.verdict(from, to, port));
  }

  /** Why a pod cannot use names of Services; undefined if it can. */
  dnsProblem(from: Sender): string | undefined {
    if (typeof from === 'string') return undefined;
    const text = this.textOf({ from: peerOf(from, undefined), to: DNS, port: DNS_PORT, protocol: 'UDP' });
    return text && `names cannot be resolved: ${text}`;
  }

  /** Why a pod cannot use the Kubernetes API; undefined if it can. */
  apiProblem(from: VirtualPod): string | undefined {
    const port = apiServerPort(this.world.cluster);
    const to: Peer = { kind: 'entity', entity: 'kube-apiserver' };
    const text = this.textOf({ from: peerOf(from, undefined), to, port, protocol: 'TCP' });
    return text && `the API server cannot be reached: ${text}`;
  }

  /** Why a pod cannot ask the kubelets of all nodes; undefined if it can. */
  kubeletProblem(from: VirtualPod): string | undefined {
    const texts = (['host', 'remote-node'] as const).map((entity) =>
      this.textOf({
        from: peerOf(from, undefined),
        to: { kind: 'entity', entity },
        port: KUBELET_PORT,
        protocol: 'TCP',
      }),
    );
    const text = texts.find((candidate) => candidate !== undefined);
    return text && `kubelets cannot be reached: ${text}`;
  }

  private textOf(hop: Parameters<NetworkPolicies['verdict']>[0]): string | undefined {
    return blockedText(this.policies.verdict(hop));
  }
}

/** What stops a connection, in one line. */
export function blockedText({ blockedBy }: Verdict): string | undefined {
  if (!blockedBy) return undefined;
  const policies = blockedBy.policies.map(refText).join(', ');
  return `${blockedBy.direction} is blocked by ${policies || 'policy'}: ${blockedBy.reason}`;
}

/** `namespace/service:port`, as messages name it. */
export function addressText({ namespace, service, port }: Omit<ServiceAddress, 'scheme' | 'path'>): string {
  return `${namespace}/${service}:${port}`;
}

/** The parts of `namespace/service:port`, as a scenario names a Service. */
export function addressOf(text: string): Pick<ServiceAddress, 'namespace' | 'service' | 'port'> {
  const [, namespace = '', service = '', port] = /^(.*)\/(.*):(\d+)$/.exec(text) ?? [];
  return { namespace, service, port: Number(port) };
}

/** @param other node of the other end, which decides what a pod on the host's network is to it */
function peerOf(pod: VirtualPod, other: VirtualPod['node']): Peer {
  if (pod.spec.hostNetwork) {
    return { kind: 'entity', entity: pod.node !== undefined && pod.node === other ? 'host' : 'remote-node' };
  }
  return {
    kind: 'pod',
    namespace: pod.namespace,
    labels: pod.labels,
    ports: servingContainers(pod.spec).flatMap(({ ports }) => ports ?? []),
    serviceAccount: pod.spec.serviceAccountName,
    ...(pod.node?.role === 'fargate' ? { enforced: false } : {}),
  };
}
