export type {
  Blocked,
  Direction,
  EntityPeer,
  Hop,
  Peer,
  PeerEntity,
  PeerPort,
  PodPeer,
  Verdict,
} from './hop';
export { NetworkPolicies, type NetworkPolicyOptions } from './network-policies';
