import fc from 'fast-check';
import type { KubeObject } from '../../../../core/kube/object';
import {
  ciliumPolicy,
  CLIENT,
  clusterwidePolicy,
  entity,
  hop,
  networkPolicy,
  policies,
  SCRAPER,
  verdict,
  WEB,
} from './hops';

const DENY = [networkPolicy({}), ciliumPolicy({ ingress: [{}] }), clusterwidePolicy({ ingress: [{}] })];

describe('NetworkPolicies', () => {
  it('allow everything where they are not enforced', () => {
    expect(policies(DENY, { enforced: false, cilium: true }).verdict(hop(CLIENT, WEB))).toEqual({
      allowed: true,
      blockedBy: undefined,
      proxied: { ingress: false, egress: false },
    });
  });

  it('are those of Kubernetes only where the network is not Cilium', () => {
    const selecting = (cilium: boolean) =>
      policies(DENY, { enforced: true, cilium })
        .policiesSelecting(WEB, 'ingress')
        .map(({ kind }) => kind);
    expect(selecting(false)).toEqual(['NetworkPolicy']);
    expect(selecting(true)).toEqual([
      'NetworkPolicy',
      'CiliumNetworkPolicy',
      'CiliumClusterwideNetworkPolicy',
    ]);
  });

  it('say nothing about what is not a pod', () => {
    expect(policies(DENY).policiesSelecting(entity('host'), 'ingress')).toEqual([]);
    expect(verdict(DENY, entity('world'), entity('kube-apiserver')).allowed).toBe(true);
  });

  it.each([
    [
      'a CiliumNetworkPolicy where a NetworkPolicy isolates',
      networkPolicy({}),
      ciliumPolicy({ ingress: [{ fromEndpoints: [{}] }] }),
    ],
    [
      'a NetworkPolicy where a CiliumNetworkPolicy isolates',
      ciliumPolicy({ ingress: [{}] }),
      networkPolicy({ ingress: [{ from: [{ podSelector: {} }] }] }),
    ],
  ])('allow what %s allows', (_, isolating, allowing) => {
    expect(verdict([isolating], CLIENT, WEB).allowed).toBe(false);
    expect(verdict([isolating, allowing], CLIENT, WEB).allowed).toBe(true);
  });

  it('name every policy that isolates, each once', () => {
    const { blockedBy } = verdict([...DENY, networkPolicy({}, 'second')], CLIENT, WEB);
    expect(blockedBy?.policies.map(({ name }) => name)).toEqual(['np', 'second', 'cnp', 'ccnp']);
  });

  it('give the same verdict when asked again', () => {
    const all = policies(DENY);
    expect(all.verdict(hop(CLIENT, WEB))).toBe(all.verdict(hop(CLIENT, WEB)));
    expect(all.verdict(hop(CLIENT, WEB))).not.toEqual(all.verdict(hop(CLIENT, WEB, { port: 9090 })));
  });

  it('never deny what they allowed to an isolated pod, when one more policy allows something', () => {
    fc.assert(
      fc.property(fc.array(allowPolicy, { maxLength: 4 }), allowPolicy, anyHop, (before, added, tried) => {
        const isolated = [networkPolicy({}, 'isolating'), ...before.map((make, index) => make(`p${index}`))];
        fc.pre(policies(isolated).verdict(tried).allowed);
        expect(policies([...isolated, added('added')]).verdict(tried).allowed).toBe(true);
      }),
    );
  });
});

const peers = fc.constantFrom<Record<string, unknown>>(
  {},
  { fromEndpoints: [{}] },
  { fromEndpoints: [{ matchLabels: { app: 'client' } }] },
  { fromEntities: ['cluster'] },
  { fromEntities: ['world', 'kube-apiserver'] },
);
const toPorts = fc.constantFrom<Record<string, unknown>>(
  {},
  { toPorts: [{ ports: [{ port: '8080' }] }] },
  { toPorts: [{ ports: [{ port: 'http', protocol: 'TCP' }] }] },
  { toPorts: [{ ports: [{ port: '8080' }], rules: { http: [{ method: 'GET' }] } }] },
);
const ciliumAllow = fc.record({ from: peers, ports: toPorts, open: fc.boolean() }).map(
  ({ from, ports, open }) =>
    (name: string): KubeObject =>
      ciliumPolicy(
        { ingress: [{ ...from, ...ports }], ...(open ? { enableDefaultDeny: { ingress: false } } : {}) },
        name,
      ),
);
const kubernetesAllow = fc
  .constantFrom<Record<string, unknown>>(
    {},
    { ingress: [{}] },
    { ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }] },
  )
  .map((spec) => (name: string) => networkPolicy(spec, name));
const allowPolicy = fc.oneof(ciliumAllow, kubernetesAllow);
const anyHop = fc
  .record({
    from: fc.constantFrom(CLIENT, SCRAPER, entity('world'), entity('kube-apiserver'), entity('host')),
    port: fc.constantFrom(8080, 9090),
    method: fc.constantFrom('GET', 'POST'),
  })
  .map(({ from, port, method }) => hop(from, WEB, { port, http: { method, path: '/' } }));
