import { Inventory } from '../../../../core/kube/inventory';
import {
  NetworkPolicies,
  type Hop,
  type Peer,
  type PeerEntity,
  type Verdict,
} from '../../../../core/kube/network-policy';
import type { KubeObject } from '../../../../core/kube/object';

type Fields = Readonly<Record<string, unknown>>;

/** The pod that policies of the tests select. */
export const WEB: Peer = {
  kind: 'pod',
  namespace: 'app',
  labels: { app: 'web' },
  ports: [{ name: 'http', containerPort: 8080 }],
};
/** Its client in the same namespace. */
export const CLIENT: Peer = { kind: 'pod', namespace: 'app', labels: { app: 'client' } };
/** Its client in another namespace. */
export const SCRAPER: Peer = { kind: 'pod', namespace: 'monitoring', labels: { app: 'prometheus' } };

const NAMESPACES: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app', labels: { team: 'a' } } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'monitoring', labels: { team: 'b' } } },
];

export function entity(name: PeerEntity, ip?: string): Peer {
  return { kind: 'entity', entity: name, ip };
}

export function networkPolicy(spec: Fields, name = 'np'): KubeObject {
  const metadata = { name, namespace: 'app' };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: { podSelector: {}, ...spec },
  };
}

export function ciliumPolicy(spec: Fields, name = 'cnp'): KubeObject {
  const metadata = { name, namespace: 'app' };
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata,
    spec: { endpointSelector: {}, ...spec },
  };
}

export function clusterwidePolicy(spec: Fields, name = 'ccnp'): KubeObject {
  const metadata = { name };
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata,
    spec: { endpointSelector: {}, ...spec },
  };
}

export function policies(
  objects: readonly KubeObject[],
  options = { enforced: true, cilium: true },
): NetworkPolicies {
  return NetworkPolicies.from(new Inventory([...NAMESPACES, ...objects]), options);
}

export function hop(from: Peer, to: Peer, overrides: Partial<Hop> = {}): Hop {
  return { from, to, port: 8080, protocol: 'TCP', ...overrides };
}

/** The verdict on a connection to TCP 8080 under the policies, by default with Cilium. */
export function verdict(
  objects: readonly KubeObject[],
  from: Peer,
  to: Peer,
  overrides: Partial<Hop> = {},
): Verdict {
  return policies(objects).verdict(hop(from, to, overrides));
}
