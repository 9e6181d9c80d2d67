export type { Blocked, Direction, Hop, Peer, PeerEntity, PodPeer, Verdict } from './hop';
export { NetworkPolicies, type NetworkPolicyOptions } from './network-policies';
