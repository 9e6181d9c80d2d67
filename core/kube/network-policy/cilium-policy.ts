import { messageOf, NotSupportedError, UsageError } from '../../errors';
import { GoRegexp } from '../go-regexp';
import { namespaceOf, type Inventory } from '../inventory';
import type {
  CiliumEgressRule,
  CiliumHttpRule,
  CiliumIngressRule,
  CiliumNetworkPolicy,
  CiliumPortRule,
  CiliumRule,
} from '../kinds/network';
import { refOf, refText } from '../object';
import type { LabelSelector } from '../selector';
import { entityMatches, identityLabels, peerSelector, subjectSelector } from './cilium-identity';
import type { Direction } from './hop';
import { IpBlock } from './ip-block';
import type { DirectionRules, HttpMatcher, PeerMatcher, Policy, PortMatcher, Rule } from './rule';

/** Fields that decide who or what matches, but are not modelled. */
const UNSUPPORTED_RULE_FIELDS = [
  'fromRequires',
  'toRequires',
  'fromGroups',
  'toGroups',
  'fromNodes',
  'toNodes',
  'toFQDNs',
  'toServices',
  'authentication',
];
const UNSUPPORTED_PORT_FIELDS = ['terminatingTLS', 'originatingTLS', 'serverNames', 'listener'];
const UNSUPPORTED_L7_FIELDS = ['kafka', 'l7proto', 'l7'];
const UNSUPPORTED_HTTP_FIELDS = ['host', 'headers', 'headerMatches'];

/** Every rule of a CiliumNetworkPolicy or a CiliumClusterwideNetworkPolicy as a policy of its own. */
export function ciliumPolicies(policy: CiliumNetworkPolicy, inventory: Inventory): Policy[] {
  const clusterwide = policy.kind === 'CiliumClusterwideNetworkPolicy';
  const namespace = clusterwide ? undefined : namespaceOf(policy);
  const rules = [...(policy.spec ? [policy.spec] : []), ...(policy.specs ?? [])];
  return rules.map((rule) => new CiliumPolicyReader(policy, rule, namespace, inventory).read());
}

interface RuleParts {
  readonly endpoints: readonly LabelSelector[] | null | undefined;
  readonly entities: readonly string[] | null | undefined;
  readonly cidrs: readonly string[] | null | undefined;
  readonly cidrSet: CiliumIngressRule['fromCIDRSet'];
  readonly rule: CiliumIngressRule | CiliumEgressRule;
}

class CiliumPolicyReader {
  private readonly name: string;

  constructor(
    private readonly policy: CiliumNetworkPolicy,
    private readonly rule: CiliumRule,
    private readonly namespace: string | undefined,
    private readonly inventory: Inventory,
  ) {
    this.name = refText(refOf(policy));
  }

  read(): Policy {
    // A rule with a nodeSelector governs nodes, which are never the governed end of a hop here.
    const { endpointSelector } = this.rule;
    const subject = endpointSelector && subjectSelector(endpointSelector, this.namespace);
    return {
      ref: refOf(this.policy),
      selects: (pod) => subject?.matches(identityLabels(pod, this.inventory)) ?? false,
      rules: (direction) => this.directionRules(direction),
    };
  }

  private directionRules(direction: Direction): DirectionRules | undefined {
    const { ingress, ingressDeny, egress, egressDeny, enableDefaultDeny } = this.rule;
    const [allow, deny] =
      direction === 'ingress'
        ? [(ingress ?? []).map(ingressParts), (ingressDeny ?? []).map(ingressParts)]
        : [(egress ?? []).map(egressParts), (egressDeny ?? []).map(egressParts)];
    if (allow.length + deny.length === 0) return undefined;
    return {
      defaultDeny: enableDefaultDeny?.[direction] ?? true,
      allow: allow.map((parts) => this.ruleOf(parts)),
      deny: deny.map((parts) => this.ruleOf(parts)),
    };
  }

  private ruleOf(parts: RuleParts): Rule {
    this.refuse(parts.rule, UNSUPPORTED_RULE_FIELDS);
    const { toPorts, icmps } = parts.rule;
    const onlyIcmp = (icmps ?? []).length > 0;
    const anyPort = !onlyIcmp && (toPorts ?? []).length === 0;
    return {
      peers: this.peersOf(parts, anyPort),
      ports: anyPort ? 'any' : (toPorts ?? []).flatMap((ports) => this.portMatchers(ports)),
    };
  }

  /** Who a rule is about. A rule that names ports only is about anybody, one that names nothing about nobody. */
  private peersOf({ endpoints, entities, cidrs, cidrSet }: RuleParts, anyPort: boolean): Rule['peers'] {
    const lists = [endpoints, entities, cidrs, cidrSet];
    if (lists.every((list) => !list)) return anyPort ? [] : 'any';
    // A list that is there but empty selects nobody, whatever else the rule says.
    if (lists.some((list) => list?.length === 0)) return [];
    return [
      ...(endpoints ?? []).map((selector) => this.endpointMatcher(selector)),
      ...(entities ?? []).map((entity) => this.entityMatcher(entity)),
      ...(cidrs ?? []).map((cidr) => this.blockMatcher(cidr)),
      ...(cidrSet ?? []).map(({ cidr, except }) => this.blockMatcher(cidr, except)),
    ];
  }

  private endpointMatcher(selector: LabelSelector): PeerMatcher {
    const parsed = this.naming(() => peerSelector(selector, this.namespace));
    return { kind: 'identity', matches: (peer) => parsed.matches(identityLabels(peer, this.inventory)) };
  }

  private entityMatcher(entity: string): PeerMatcher {
    return { kind: 'identity', matches: (peer) => this.naming(() => entityMatches(entity, peer)) };
  }

  /** Cilium knows pods, nodes and the API server by identity, so an IP block means the rest of the world. */
  private blockMatcher(cidr: string | undefined, except?: readonly string[]): PeerMatcher {
    if (cidr === undefined) throw new NotSupportedError(`a CIDR group in ${this.name}`);
    return { kind: 'block', block: this.naming(() => IpBlock.parse(cidr, except)), entities: ['world'] };
  }

  private portMatchers(ports: CiliumPortRule): PortMatcher[] {
    this.refuse(ports, UNSUPPORTED_PORT_FIELDS);
    if (ports.rules) this.refuse(ports.rules, UNSUPPORTED_L7_FIELDS);
    const rules = ports.rules?.http ?? [];
    const http = rules.length === 0 ? undefined : rules.map((rule) => this.httpMatcher(rule));
    return (ports.ports ?? []).map(({ port, endPort, protocol }) => ({
      port: portOf(port),
      endPort,
      protocol: protocol === undefined || protocol === 'ANY' ? undefined : protocol,
      http,
    }));
  }

  private httpMatcher(rule: CiliumHttpRule): HttpMatcher {
    this.refuse(rule, UNSUPPORTED_HTTP_FIELDS);
    return { method: this.regex(rule.method), path: this.regex(rule.path) };
  }

  private regex(source: string | undefined): GoRegexp | undefined {
    return source ? GoRegexp.compile(`^(?:${source})$`, `HTTP rule "${source}" of ${this.name}`) : undefined;
  }

  private refuse(part: Readonly<Record<string, unknown>>, fields: readonly string[]): void {
    const used = fields.find((field) => part[field] !== undefined && part[field] !== null);
    if (used !== undefined) throw new NotSupportedError(`${used} in ${this.name}`);
  }

  /** Puts the policy's name before what is wrong with it. */
  private naming<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof NotSupportedError) throw error;
      throw new UsageError(`${this.name}: ${messageOf(error)}`);
    }
  }
}

function ingressParts(rule: CiliumIngressRule): RuleParts {
  return {
    endpoints: rule.fromEndpoints,
    entities: rule.fromEntities,
    cidrs: rule.fromCIDR,
    cidrSet: rule.fromCIDRSet,
    rule,
  };
}

function egressParts(rule: CiliumEgressRule): RuleParts {
  return {
    endpoints: rule.toEndpoints,
    entities: rule.toEntities,
    cidrs: rule.toCIDR,
    cidrSet: rule.toCIDRSet,
    rule,
  };
}

/** A number, a name, or nothing for all ports, which Cilium also writes as 0. */
function portOf(port: string | undefined): number | string | undefined {
  if (port === undefined || port === '' || port === '0') return undefined;
  return /^\d+$/.test(port) ? Number(port) : port.toLowerCase();
}
