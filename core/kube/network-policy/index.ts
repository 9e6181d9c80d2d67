export type { Blocked, Hop, Peer, PeerEntity, Verdict } from './hop';
export { NetworkPolicies } from './network-policies';
