import { NotSupportedError } from '../../errors';
import type { Inventory } from '../inventory';
import { refText, type ObjectRef } from '../object';
import { ciliumPolicies } from './cilium-policy';
import type { Blocked, Direction, Hop, Peer, Verdict } from './hop';
import { kubernetesPolicy } from './kubernetes-policy';
import { allowsRequest, isProxied, matchRule, type DirectionRules, type Policy, type Rule } from './rule';

/** What the cluster's network does with policies. */
export interface NetworkPolicyOptions {
  /** Whether the network enforces policies at all. */
  readonly enforced: boolean;
  /** Whether it is Cilium, so that CiliumNetworkPolicies count. */
  readonly cilium: boolean;
}

/** A policy that selects a pod, with what it says about a direction. */
interface Applying {
  readonly ref: ObjectRef;
  readonly rules: DirectionRules;
}

/** What one end of a hop says to it. */
interface SideVerdict {
  readonly blocked?: Blocked | undefined;
  readonly proxied: boolean;
}

const OPEN: SideVerdict = { proxied: false };

/**
 * All network policies among the objects: NetworkPolicy as Kubernetes defines it, CiliumNetworkPolicy and
 * CiliumClusterwideNetworkPolicy as Cilium 1.20 enforces them (`pkg/policy`). What the policies of both kinds allow
 * adds up; what one of them denies is denied.
 *
 * A node may always reach the pods on it, as kubelet's probes do. Under Cilium an IP block matches addresses outside
 * the cluster only: nodes and the API server have to be named as entities (`policy-cidr-match-mode` unset).
 */
export class NetworkPolicies {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly applying = new Map<string, readonly Applying[]>();

  private constructor(
    private readonly policies: readonly Policy[],
    private readonly cilium: boolean,
  ) {}

  static from(inventory: Inventory, { enforced, cilium }: NetworkPolicyOptions): NetworkPolicies {
    if (!enforced) return new NetworkPolicies([], cilium);
    const blockEntities = cilium ? (['world'] as const) : 'any';
    const kubernetes = inventory.networkPolicies.map((policy) =>
      kubernetesPolicy(policy, inventory, blockEntities),
    );
    const ciliums = cilium
      ? [...inventory.ciliumNetworkPolicies, ...inventory.ciliumClusterwideNetworkPolicies]
      : [];
    return new NetworkPolicies(
      [...kubernetes, ...ciliums.flatMap((policy) => ciliumPolicies(policy, inventory))],
      cilium,
    );
  }

  /**
   * Whether a hop is allowed, and which L7 proxies it crosses. A request that a proxy refuses is not allowed, yet
   * crossed it.
   * @throws NotSupportedError if a policy that selects either end uses what is not modelled, or if the answer
   *   depends on an address that is not known
   */
  verdict(hop: Hop): Verdict {
    const key = JSON.stringify(hop);
    let verdict = this.verdicts.get(key);
    if (!verdict) {
      verdict = this.judge(hop);
      this.verdicts.set(key, verdict);
    }
    return verdict;
  }

  /** The policies that say something about a peer in a direction; none for what is not a pod. */
  policiesSelecting(peer: Peer, direction: Direction): ObjectRef[] {
    return refsOf(this.applyingTo(peer, direction));
  }

  private judge(hop: Hop): Verdict {
    const egress = this.side('egress', hop.from, hop.to, hop);
    if (egress.blocked) {
      return {
        allowed: false,
        blockedBy: egress.blocked,
        proxied: { ingress: false, egress: egress.proxied },
      };
    }
    const ingress = this.side('ingress', hop.to, hop.from, hop);
    return {
      allowed: !ingress.blocked,
      blockedBy: ingress.blocked,
      proxied: { ingress: ingress.proxied, egress: egress.proxied },
    };
  }

  private side(direction: Direction, subject: Peer, other: Peer, hop: Hop): SideVerdict {
    if (subject.kind === 'pod' && subject.enforced === false) return OPEN;
    const applying = this.applyingTo(subject, direction);
    if (applying.length === 0) return OPEN;
    const denying = matching(applying, ({ deny }) => deny, other, hop);
    if (denying.length > 0) return refused(direction, refsOf(denying), `a deny rule matches ${hopText(hop)}`);
    if (this.isOwnNode(direction, other)) return OPEN;
    const isolating = applying.filter(({ rules }) => rules.defaultDeny);
    const allowing = matching(applying, ({ allow }) => allow, other, hop, isolating.length > 0);
    const proxied = allowing.some(({ rule }) => isProxied(rule, hop));
    if (isolating.length === 0) return { proxied };
    if (allowing.length === 0) return refused(direction, refsOf(isolating), `no rule allows ${hopText(hop)}`);
    if (allowing.some(({ rule }) => allowsRequest(rule, hop))) return { proxied };
    const reason = `no HTTP rule allows ${hop.http?.method ?? ''} ${hop.http?.path ?? ''} (${hopText(hop)})`;
    return { ...refused(direction, refsOf(allowing), reason), proxied };
  }

  /** Kubernetes leaves traffic between a pod and its node alone; Cilium only that towards the pod. */
  private isOwnNode(direction: Direction, other: Peer): boolean {
    return other.kind === 'entity' && other.entity === 'host' && (direction === 'ingress' || !this.cilium);
  }

  private applyingTo(peer: Peer, direction: Direction): readonly Applying[] {
    if (peer.kind !== 'pod') return [];
    const key = JSON.stringify([direction, peer.namespace, peer.serviceAccount ?? '', peer.labels]);
    let applying = this.applying.get(key);
    if (!applying) {
      applying = this.policies
        .filter((policy) => policy.selects(peer))
        .flatMap((policy) => {
          const rules = policy.rules(direction);
          return rules ? [{ ref: policy.ref, rules }] : [];
        });
      this.applying.set(key, applying);
    }
    return applying;
  }
}

interface MatchedRule {
  readonly ref: ObjectRef;
  readonly rule: Rule;
}

/**
 * The rules that match a hop.
 * @param decisive whether it matters that none does, so that one which cannot be told must not be passed over
 */
function matching(
  applying: readonly Applying[],
  pick: (rules: DirectionRules) => readonly Rule[],
  other: Peer,
  hop: Hop,
  decisive = true,
): MatchedRule[] {
  const judged = applying.flatMap(({ ref, rules }) =>
    pick(rules).map((rule) => ({ ref, rule, result: matchRule(rule, other, hop) })),
  );
  const matched = judged.filter(({ result }) => result === true);
  const unknown = judged.find(({ result }) => result === undefined);
  if (decisive && unknown && matched.length === 0) {
    throw new NotSupportedError(
      `an IP block of ${refText(unknown.ref)} decides about ${peerText(other)}, whose address is not known`,
    );
  }
  return matched;
}

function refused(
  direction: Direction,
  policies: readonly ObjectRef[],
  reason: string,
): SideVerdict & { blocked: Blocked } {
  return { blocked: { direction, policies, reason }, proxied: false };
}

/** The policies that items belong to, each once though it may have several rules. */
function refsOf(items: readonly { readonly ref: ObjectRef }[]): ObjectRef[] {
  return [...new Map(items.map(({ ref }) => [refText(ref), ref])).values()];
}

function hopText(hop: Hop): string {
  return `${hop.protocol} ${hop.port} from ${peerText(hop.from)} to ${peerText(hop.to)}`;
}

function peerText(peer: Peer): string {
  if (peer.kind === 'entity') return peer.entity;
  const labels = Object.entries(peer.labels).map(([key, value]) => `${key}=${value}`);
  return `a pod in ${peer.namespace} (${labels.join(', ')})`;
}
