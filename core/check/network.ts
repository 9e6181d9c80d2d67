import { fargateProfileOf } from '../chain';
import { podLabels, servingContainers } from '../kube/endpoints';
import { UsageError } from '../errors';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import { NetworkPolicies, type Hop, type Peer, type Verdict } from '../kube/network-policy';
import type { ClusterDescriptor } from '../model';

/** The network of the cluster, as its policies make it. */
export class Network {
  private constructor(
    private readonly policies: NetworkPolicies,
    /** Whether policies count, and with them the L7 proxies that they put in the way. */
    readonly enforced: boolean,
    private readonly cluster: ClusterDescriptor | undefined,
  ) {}

  /** Without a descriptor, policies of either kind are taken to be enforced. */
  static from(inventory: Inventory, cluster: ClusterDescriptor | undefined): Network {
    const enforced = cluster?.networkPolicyEnforced ?? true;
    const cilium = cluster === undefined || cluster.cni === 'cilium';
    return new Network(NetworkPolicies.from(inventory, { enforced, cilium }), enforced, cluster);
  }

  /** `undefined` if a policy on the way is not understood. */
  verdict(hop: Hop): Verdict | undefined {
    const judgement = this.judge(hop);
    return 'unknown' in judgement ? undefined : judgement;
  }

  /** Why there is no verdict on a hop. */
  whyNotJudged(hop: Hop): string | undefined {
    const judgement = this.judge(hop);
    return 'unknown' in judgement ? judgement.unknown : undefined;
  }

  private judge(hop: Hop): Verdict | { readonly unknown: string } {
    try {
      return this.policies.verdict({ ...hop, from: this.placed(hop.from), to: this.placed(hop.to) });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { unknown: error.message };
    }
  }

  /** Fargate enforces no policy for the pods on it. */
  private placed(peer: Peer): Peer {
    if (peer.kind !== 'pod' || !this.cluster) return peer;
    const { namespace, labels } = peer;
    return fargateProfileOf(this.cluster, namespace, labels) ? { ...peer, enforced: false } : peer;
  }
}

/**
 * The pods of a workload as an end of a connection. On the host's network they are their node, which is another one
 * for most of the pods at the other end, and the same for some.
 */
export function peersOf(workload: Workload): readonly Peer[] {
  const { spec } = workload.spec.template;
  if (spec.hostNetwork) {
    return [
      { kind: 'entity', entity: 'remote-node' },
      { kind: 'entity', entity: 'host' },
    ];
  }
  const labels = podLabels(workload);
  const ports = servingContainers(spec).flatMap((container) => container.ports ?? []);
  const serviceAccount = spec.serviceAccountName ?? 'default';
  return [{ kind: 'pod', namespace: namespaceOf(workload), labels, ports, serviceAccount }];
}
