import { NotSupportedError, UsageError } from '../../errors';
import { ownValue } from '../../own-value';
import type { Inventory } from '../inventory';
import { Selector, type LabelSelector, type Labels } from '../selector';
import type { Peer, PeerEntity } from './hop';

/** The label in which Cilium keeps a pod's namespace. */
const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
/** Cilium keeps a namespace's labels under this prefix. */
const NAMESPACE_LABEL_PREFIX = 'io.cilium.k8s.namespace.labels.';
const SERVICE_ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';
const RESERVED_PREFIX = 'reserved:';

/** The entities of Cilium's policy language, and the peers that each of them means. */
const ENTITIES: Readonly<
  Record<string, { readonly pods: boolean; readonly entities: readonly PeerEntity[] }>
> = {
  all: { pods: true, entities: ['kube-apiserver', 'host', 'remote-node', 'world', 'health'] },
  cluster: { pods: true, entities: ['kube-apiserver', 'host', 'remote-node', 'health'] },
  'cluster-mesh': { pods: true, entities: ['kube-apiserver', 'host', 'remote-node', 'health'] },
  host: { pods: false, entities: ['host'] },
  'remote-node': { pods: false, entities: ['remote-node'] },
  'kube-apiserver': { pods: false, entities: ['kube-apiserver'] },
  world: { pods: false, entities: ['world'] },
  'world-ipv4': { pods: false, entities: ['world'] },
  health: { pods: false, entities: ['health'] },
  // Legal, but nothing that a hop starts or ends at.
  'world-ipv6': { pods: false, entities: [] },
  init: { pods: false, entities: [] },
  ingress: { pods: false, entities: [] },
  unmanaged: { pods: false, entities: [] },
  none: { pods: false, entities: [] },
};

/** What was worked out before: every policy asks for the labels of the same peer. */
const identities = new WeakMap<Inventory, WeakMap<Peer, Labels>>();

/** The labels by which Cilium's selectors know a peer, those of Kubernetes without their source `k8s:`. */
export function identityLabels(peer: Peer, inventory: Inventory): Labels {
  let known = identities.get(inventory);
  if (!known) identities.set(inventory, (known = new WeakMap()));
  let labels = known.get(peer);
  if (!labels) known.set(peer, (labels = labelsOf(peer, inventory)));
  return labels;
}

function labelsOf(peer: Peer, inventory: Inventory): Labels {
  if (peer.kind === 'entity') return { [`${RESERVED_PREFIX}${peer.entity}`]: '' };
  const ofNamespace = Object.entries(inventory.namespaceLabels(peer.namespace)).map(
    ([key, value]): [string, string] => [`${NAMESPACE_LABEL_PREFIX}${key}`, value],
  );
  return {
    ...peer.labels,
    ...Object.fromEntries(ofNamespace),
    [NAMESPACE_KEY]: peer.namespace,
    [SERVICE_ACCOUNT_KEY]: peer.serviceAccount ?? 'default',
  };
}

/** The selector of `endpointSelector`: a policy with a namespace selects nothing outside it. */
export function subjectSelector(selector: LabelSelector, namespace: string | undefined): Selector {
  const plain = withoutSources(selector);
  return Selector.from(namespace === undefined ? plain : withLabel(plain, NAMESPACE_KEY, namespace));
}

/**
 * A selector among `fromEndpoints` or `toEndpoints`. Unless it names a namespace, that of the policy is meant; for a
 * clusterwide policy, any pod.
 */
export function peerSelector(selector: LabelSelector, namespace: string | undefined): Selector {
  const plain = withoutSources(selector);
  const keys = [
    ...Object.keys(plain.matchLabels ?? {}),
    ...(plain.matchExpressions ?? []).map(({ key }) => key),
  ];
  if (keys.some((key) => key.startsWith(RESERVED_PREFIX)) || keys.includes(NAMESPACE_KEY))
    return Selector.from(plain);
  if (namespace === undefined) {
    const anyNamespace = { key: NAMESPACE_KEY, operator: 'Exists' };
    return Selector.from({ ...plain, matchExpressions: [...(plain.matchExpressions ?? []), anyNamespace] });
  }
  if (keys.some((key) => key.startsWith(NAMESPACE_LABEL_PREFIX))) return Selector.from(plain);
  return Selector.from(withLabel(plain, NAMESPACE_KEY, namespace));
}

/**
 * Whether a peer is one of those an entity means.
 * @throws UsageError if Cilium has no such entity
 */
export function entityMatches(entity: string, peer: Peer): boolean {
  const meaning = ownValue(ENTITIES, entity);
  if (!meaning)
    throw new UsageError(
      `"${entity}" is not an entity of Cilium; it has ${Object.keys(ENTITIES).join(', ')}`,
    );
  return peer.kind === 'pod' ? meaning.pods : meaning.entities.includes(peer.entity);
}

function withLabel(selector: LabelSelector, key: string, value: string): LabelSelector {
  return { ...selector, matchLabels: { ...selector.matchLabels, [key]: value } };
}

/** Keys without the sources `k8s:` and `any:`; labels of pods have no other source. */
function withoutSources(selector: LabelSelector): LabelSelector {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]): [string, string] => [
    plainKey(key),
    value,
  ]);
  const expressions = (selector.matchExpressions ?? []).map((expression) => ({
    ...expression,
    key: plainKey(expression.key),
  }));
  return { matchLabels: Object.fromEntries(labels), matchExpressions: expressions };
}

function plainKey(key: string): string {
  const plain = key.replace(/^(?:k8s|any):/, '');
  if (plain === CLUSTER_KEY) throw new NotSupportedError(`selection by cluster name (${CLUSTER_KEY})`);
  return plain;
}
