import type { GoRegexp } from '../go-regexp';
import type { ObjectRef } from '../object';
import type { Direction, Hop, Peer, PeerEntity, PodPeer } from './hop';
import type { IpBlock } from './ip-block';

/** A policy of either kind, as it is asked about hops. */
export interface Policy {
  readonly ref: ObjectRef;
  /** Whether it governs a pod at all. */
  selects(pod: PodPeer): boolean;
  /**
   * What it says about a direction; `undefined` if it says nothing.
   * @throws NotSupportedError if it uses what is not modelled
   */
  rules(direction: Direction): DirectionRules | undefined;
}

/** What a policy says about one direction. */
export interface DirectionRules {
  /** Whether the pods it selects may then only do what some policy allows. */
  readonly defaultDeny: boolean;
  readonly allow: readonly Rule[];
  readonly deny: readonly Rule[];
}

/** Peers and ports; both have to match. */
export interface Rule {
  readonly peers: readonly PeerMatcher[] | 'any';
  readonly ports: readonly PortMatcher[] | 'any';
}

/** Recognizes peers by what they are, or those that are not pods by their address. */
export type PeerMatcher =
  | { readonly kind: 'identity'; readonly matches: (peer: Peer) => boolean }
  | { readonly kind: 'block'; readonly block: IpBlock; readonly entities: readonly PeerEntity[] | 'any' };

/** Recognizes the port a hop goes to, and the requests on it that may pass. */
export interface PortMatcher {
  /** Number or name; absent for all ports. */
  readonly port?: number | string | undefined;
  readonly endPort?: number | undefined;
  /** Absent for any. */
  readonly protocol?: string | undefined;
  /** Requests that an L7 proxy lets pass; absent where there is no such proxy. */
  readonly http?: readonly HttpMatcher[] | undefined;
}

/** A request passes if both match as a whole; an absent one matches anything. */
export interface HttpMatcher {
  readonly method?: GoRegexp | undefined;
  readonly path?: GoRegexp | undefined;
}

/** Whether a rule applies to a hop whose far end is `other`; `undefined` if that depends on an address nobody knows. */
export function matchRule(rule: Rule, other: Peer, hop: Hop): boolean | undefined {
  if (rule.ports !== 'any' && !rule.ports.some((port) => matchPort(port, hop))) return false;
  if (rule.peers === 'any') return true;
  const results = rule.peers.map((matcher) => matchPeer(matcher, other));
  if (results.includes(true)) return true;
  return results.includes(undefined) ? undefined : false;
}

/** Whether a rule that applies has a hop go through an HTTP proxy. */
export function isProxied(rule: Rule, hop: Hop): boolean {
  return matchingPorts(rule, hop).some(({ http }) => http !== undefined);
}

/** Whether a rule that applies lets the hop's request pass. */
export function allowsRequest(rule: Rule, hop: Hop): boolean {
  const { http: request } = hop;
  if (rule.ports === 'any' || !request) return true;
  return matchingPorts(rule, hop).some(
    ({ http }) => !http || http.some((matcher) => matchRequest(matcher, request)),
  );
}

function matchingPorts(rule: Rule, hop: Hop): readonly PortMatcher[] {
  return rule.ports === 'any' ? [] : rule.ports.filter((port) => matchPort(port, hop));
}

function matchPeer(matcher: PeerMatcher, peer: Peer): boolean | undefined {
  if (matcher.kind === 'identity') return matcher.matches(peer);
  if (peer.kind === 'pod') return false;
  if (matcher.entities !== 'any' && !matcher.entities.includes(peer.entity)) return false;
  if (peer.ip !== undefined) return matcher.block.contains(peer.ip);
  return matcher.block.all ? true : undefined;
}

function matchPort(matcher: PortMatcher, hop: Hop): boolean {
  if (matcher.protocol !== undefined && matcher.protocol !== hop.protocol) return false;
  const { port } = matcher;
  if (port === undefined) return true;
  if (typeof port === 'number') return hop.port >= port && hop.port <= (matcher.endPort ?? port);
  const declared = hop.to.kind === 'pod' ? (hop.to.ports ?? []) : [];
  return declared.some(
    ({ name, containerPort, protocol }) =>
      name === port && containerPort === hop.port && (protocol ?? 'TCP') === hop.protocol,
  );
}

function matchRequest({ method, path }: HttpMatcher, request: { method: string; path: string }): boolean {
  return (method?.matches(request.method) ?? true) && (path?.matches(request.path) ?? true);
}
