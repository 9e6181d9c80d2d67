import { namespaceOf, type Inventory } from '../inventory';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../kinds/network';
import { refOf } from '../object';
import { Selector } from '../selector';
import type { Direction, PeerEntity } from './hop';
import { IpBlock } from './ip-block';
import type { DirectionRules, PeerMatcher, Policy, PortMatcher, Rule } from './rule';

/**
 * A `networking.k8s.io/v1` NetworkPolicy.
 * @param blockEntities what of the world outside of pods its IP blocks can match
 */
export function kubernetesPolicy(
  policy: NetworkPolicy,
  inventory: Inventory,
  blockEntities: readonly PeerEntity[] | 'any',
): Policy {
  const namespace = namespaceOf(policy);
  const subject = Selector.from(policy.spec.podSelector);
  const matcher = (peer: NetworkPolicyPeer) => peerMatcher(peer, namespace, inventory, blockEntities);
  return {
    ref: refOf(policy),
    selects: (pod) => pod.namespace === namespace && subject.matches(pod.labels),
    rules: (direction) => directionRules(policy, direction, matcher),
  };
}

function directionRules(
  { spec }: NetworkPolicy,
  direction: Direction,
  matcher: (peer: NetworkPolicyPeer) => PeerMatcher,
): DirectionRules | undefined {
  const hasEgress = (spec.egress ?? []).length > 0;
  const types = spec.policyTypes?.length ? spec.policyTypes : ['Ingress', ...(hasEgress ? ['Egress'] : [])];
  if (!types.includes(direction === 'ingress' ? 'Ingress' : 'Egress')) return undefined;
  const entries =
    direction === 'ingress'
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from ?? [], ports: ports ?? [] }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to ?? [], ports: ports ?? [] }));
  const allow = entries.map(({ peers, ports }): Rule => ({
    peers: peers.length === 0 ? 'any' : peers.map(matcher),
    ports: ports.length === 0 ? 'any' : ports.map(portMatcher),
  }));
  return { defaultDeny: true, allow, deny: [] };
}

function peerMatcher(
  peer: NetworkPolicyPeer,
  own: string,
  inventory: Inventory,
  entities: readonly PeerEntity[] | 'any',
): PeerMatcher {
  if (peer.ipBlock) {
    return { kind: 'block', block: IpBlock.parse(peer.ipBlock.cidr, peer.ipBlock.except), entities };
  }
  const pods = Selector.from(peer.podSelector);
  const namespaces = peer.namespaceSelector && Selector.from(peer.namespaceSelector);
  const inScope = (namespace: string) =>
    namespaces ? namespaces.matches(inventory.namespaceLabels(namespace)) : namespace === own;
  return {
    kind: 'identity',
    matches: (candidate) =>
      candidate.kind === 'pod' && inScope(candidate.namespace) && pods.matches(candidate.labels),
  };
}

function portMatcher({ port, endPort, protocol }: NetworkPolicyPort): PortMatcher {
  return { port, endPort, protocol: protocol ?? 'TCP' };
}
