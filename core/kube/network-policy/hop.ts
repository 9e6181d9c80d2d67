import type { ObjectRef } from '../object';
import type { Labels } from '../selector';

/** Who can be at the other end besides pods, in Cilium's words. */
export type PeerEntity = 'kube-apiserver' | 'host' | 'remote-node' | 'world' | 'health';

/** A port of a container, for rules that name ports. */
interface PeerPort {
  readonly name?: string | undefined;
  readonly containerPort: number;
  /** Default `TCP`. */
  readonly protocol?: string | undefined;
}

/** A pod with an address of its own; one on the host's network is the entity `host` or `remote-node`. */
export interface PodPeer {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports?: readonly PeerPort[] | undefined;
  /** Name of its service account, for policies that select by it. */
  readonly serviceAccount?: string | undefined;
  /** Whether its node enforces policies, if the network does; default true. */
  readonly enforced?: boolean | undefined;
}

/** Something that is not a pod. */
interface EntityPeer {
  readonly kind: 'entity';
  readonly entity: PeerEntity;
  /** Its address, where it is known: what rules on IP blocks other than all addresses need. */
  readonly ip?: string | undefined;
}

/** One end of a connection. */
export type Peer = PodPeer | EntityPeer;

/** One connection: from a peer to a port of another, after Service addresses were translated to pods. */
export interface Hop {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** The request on it; without one, a rule on HTTP is taken to let the connection through. */
  readonly http?: { readonly method: string; readonly path: string } | undefined;
}

/** Which side of a connection a policy governs. */
export type Direction = 'ingress' | 'egress';

/** What stops a hop. */
export interface Blocked {
  readonly direction: Direction;
  /** The policies that put the peer in default deny, or the one that denies. */
  readonly policies: readonly ObjectRef[];
  readonly reason: string;
}

/** What policies do to a hop. */
export interface Verdict {
  readonly allowed: boolean;
  /** Set if and only if it is not allowed. */
  readonly blockedBy?: Blocked | undefined;
  /** Where an L7 proxy stands in the way, and so reports the requests: at the receiver, at the sender. */
  readonly proxied: { readonly ingress: boolean; readonly egress: boolean };
}
