import type { Hop, Peer } from '../../../../core/kube/network-policy';
import {
  ciliumPolicy,
  CLIENT,
  clusterwidePolicy,
  entity,
  networkPolicy,
  policies,
  SCRAPER,
  verdict,
  WEB,
} from './hops';

const OTHER_NAMESPACE_WEB: Peer = { kind: 'pod', namespace: 'monitoring', labels: { app: 'web' } };

/** Whether client, scraper, world, API server, another node and the own node may reach WEB. */
function whoMayEnter(rule: Record<string, unknown>): string {
  const peers: readonly (readonly [string, Peer])[] = [
    ['client', CLIENT],
    ['scraper', SCRAPER],
    ['world', entity('world')],
    ['kube-apiserver', entity('kube-apiserver')],
    ['remote-node', entity('remote-node')],
    ['health', entity('health')],
  ];
  const objects = [ciliumPolicy({ ingress: [rule] })];
  return peers
    .filter(([, from]) => verdict(objects, from, WEB).allowed)
    .map(([name]) => name)
    .join(' ');
}

describe('peers of a CiliumNetworkPolicy', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['nobody for a rule that says nothing', {}, ''],
    ['nobody for an empty list', { fromEndpoints: [] }, ''],
    [
      'nobody for an empty list with ports',
      { fromEndpoints: [], toPorts: [{ ports: [{ port: '8080' }] }] },
      '',
    ],
    [
      'anybody for ports alone',
      { toPorts: [{ ports: [{ port: '8080' }] }] },
      'client scraper world kube-apiserver remote-node health',
    ],
    ['the namespace for an empty selector', { fromEndpoints: [{}] }, 'client'],
    ['by label within the namespace', { fromEndpoints: [{ matchLabels: { app: 'prometheus' } }] }, ''],
    [
      'by namespace',
      { fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'monitoring' } }] },
      'scraper',
    ],
    [
      'by namespace without source',
      {
        fromEndpoints: [
          { matchLabels: { 'io.kubernetes.pod.namespace': 'monitoring', 'any:app': 'prometheus' } },
        ],
      },
      'scraper',
    ],
    [
      'in any namespace',
      {
        fromEndpoints: [
          { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] },
        ],
      },
      'client scraper',
    ],
    [
      'by label of the namespace',
      { fromEndpoints: [{ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'b' } }] },
      'scraper',
    ],
    [
      'by reserved label',
      { fromEndpoints: [{ matchLabels: { 'reserved:remote-node': '' } }] },
      'remote-node',
    ],
    ['entity all', { fromEntities: ['all'] }, 'client scraper world kube-apiserver remote-node health'],
    ['entity cluster', { fromEntities: ['cluster'] }, 'client scraper kube-apiserver remote-node health'],
    ['entity world', { fromEntities: ['world'] }, 'world'],
    ['entities by name', { fromEntities: ['kube-apiserver', 'remote-node'] }, 'kube-apiserver remote-node'],
    ['entity health', { fromEntities: ['health'] }, 'health'],
    [
      'entity cluster-mesh',
      { fromEntities: ['cluster-mesh'] },
      'client scraper kube-apiserver remote-node health',
    ],
    ['entity world-ipv4', { fromEntities: ['world-ipv4'] }, 'world'],
    ['entity world-ipv6', { fromEntities: ['world-ipv6'] }, ''],
    ['entity init', { fromEntities: ['init'] }, ''],
    ['entity ingress', { fromEntities: ['ingress'] }, ''],
    ['entity unmanaged', { fromEntities: ['unmanaged'] }, ''],
    ['entity none', { fromEntities: ['none'] }, ''],
    [
      'nobody for one empty list beside another that is not',
      { fromEndpoints: [], fromEntities: ['all'] },
      '',
    ],
    ['all addresses', { fromCIDR: ['0.0.0.0/0'] }, 'world'],
    ['all addresses less some', { fromCIDRSet: [{ cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }] }, 'world'],
  ])('%s', (_, rule, expected) => {
    expect(whoMayEnter(rule)).toBe(expected);
  });

  it('selects by service account', () => {
    const objects = [
      ciliumPolicy({
        ingress: [{ fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'robot' } }] }],
      }),
    ];
    expect(
      verdict(objects, { kind: 'pod', namespace: 'app', labels: {}, serviceAccount: 'robot' }, WEB).allowed,
    ).toBe(true);
    expect(verdict(objects, CLIENT, WEB).allowed).toBe(false);
  });

  it('lets the own node in always, out only where a rule does', () => {
    expect(verdict([ciliumPolicy({ ingress: [{}] })], entity('host'), WEB).allowed).toBe(true);
    expect(verdict([ciliumPolicy({ egress: [{}] })], WEB, entity('host')).allowed).toBe(false);
    expect(verdict([ciliumPolicy({ egress: [{ toEntities: ['host'] }] })], WEB, entity('host')).allowed).toBe(
      true,
    );
  });

  it('selects with toEndpoints and toEntities for egress', () => {
    const objects = [
      ciliumPolicy({
        egress: [{ toEndpoints: [{ matchLabels: { app: 'client' } }] }, { toEntities: ['kube-apiserver'] }],
      }),
    ];
    expect(verdict(objects, WEB, CLIENT).allowed).toBe(true);
    expect(verdict(objects, WEB, entity('kube-apiserver')).allowed).toBe(true);
    expect(verdict(objects, WEB, SCRAPER).allowed).toBe(false);
  });
});

describe('subject of a Cilium policy', () => {
  const denyAll = { ingress: [{}] };

  it('is in the namespace of a CiliumNetworkPolicy only', () => {
    expect(verdict([ciliumPolicy(denyAll)], CLIENT, OTHER_NAMESPACE_WEB).allowed).toBe(true);
    expect(verdict([ciliumPolicy(denyAll)], SCRAPER, WEB).allowed).toBe(false);
  });

  it('is anywhere for a CiliumClusterwideNetworkPolicy, and so are its peers', () => {
    expect(verdict([clusterwidePolicy(denyAll)], CLIENT, OTHER_NAMESPACE_WEB).allowed).toBe(false);
    const open = [clusterwidePolicy({ ingress: [{ fromEndpoints: [{}] }] })];
    expect(verdict(open, SCRAPER, WEB).allowed).toBe(true);
    expect(verdict(open, entity('world'), WEB).allowed).toBe(false);
  });

  it('can be one of several in specs', () => {
    const { spec, ...object } = ciliumPolicy({
      endpointSelector: { matchLabels: { 'k8s:app': 'web' } },
      ...denyAll,
    });
    const objects = [
      { ...object, specs: [{ endpointSelector: { matchLabels: { app: 'x' } }, ...denyAll }, spec] },
    ];
    expect(verdict(objects, CLIENT, WEB).allowed).toBe(false);
    expect(
      policies(objects)
        .policiesSelecting(WEB, 'ingress')
        .map(({ name }) => name),
    ).toEqual(['cnp']);
  });

  it('is no pod for a policy on nodes', () => {
    const object = clusterwidePolicy({ nodeSelector: {}, ...denyAll, endpointSelector: undefined });
    expect(verdict([object], CLIENT, WEB).allowed).toBe(true);
  });
});

describe('default deny of a Cilium policy', () => {
  it.each<[string, Record<string, unknown>, boolean, boolean]>([
    ['an ingress section', { ingress: [{}] }, false, true],
    ['an egress section', { egress: [{}] }, true, false],
    ['an empty ingress section', { ingress: [], egress: [{}] }, true, false],
    ['a deny section', { ingressDeny: [{ fromEntities: ['world'] }] }, false, true],
    ['enableDefaultDeny false', { ingress: [{}], enableDefaultDeny: { ingress: false } }, true, true],
  ])('with %s', (_, spec, ingress, egress) => {
    expect(verdict([ciliumPolicy(spec)], SCRAPER, WEB).allowed).toBe(ingress);
    expect(verdict([ciliumPolicy(spec)], WEB, SCRAPER).allowed).toBe(egress);
  });

  it('is there if any policy wants it', () => {
    const open = ciliumPolicy({ ingress: [{}], enableDefaultDeny: { ingress: false } }, 'open');
    expect(verdict([open, ciliumPolicy({ ingress: [{}] })], CLIENT, WEB).allowed).toBe(false);
  });
});

describe('deny rules', () => {
  const allowAll = ciliumPolicy({ ingress: [{ fromEntities: ['all'] }] }, 'open');

  it('win over whatever allows', () => {
    const deny = ciliumPolicy(
      { ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'client' } }] }] },
      'deny',
    );
    const { allowed, blockedBy } = verdict([allowAll, deny, networkPolicy({ ingress: [{}] })], CLIENT, WEB);
    expect(allowed).toBe(false);
    expect(blockedBy).toMatchObject({
      direction: 'ingress',
      policies: [{ name: 'deny' }],
      reason: 'a deny rule matches TCP 8080 from a pod in app (app=client) to a pod in app (app=web)',
    });
    expect(verdict([allowAll, deny], SCRAPER, WEB).allowed).toBe(true);
  });

  it('hold for their ports only', () => {
    const deny = ciliumPolicy(
      { ingressDeny: [{ fromEntities: ['all'], toPorts: [{ ports: [{ port: '9090' }] }] }] },
      'deny',
    );
    expect(verdict([allowAll, deny], CLIENT, WEB).allowed).toBe(true);
    expect(verdict([allowAll, deny], CLIENT, WEB, { port: 9090 }).allowed).toBe(false);
  });

  it('hold on egress, and against the own node', () => {
    expect(
      verdict([ciliumPolicy({ egressDeny: [{ toEntities: ['all'] }] })], WEB, CLIENT).blockedBy?.direction,
    ).toBe('egress');
    expect(
      verdict([ciliumPolicy({ ingressDeny: [{ fromEntities: ['host'] }] })], entity('host'), WEB).allowed,
    ).toBe(false);
  });
});

describe('ports of a Cilium policy', () => {
  it.each<[string, readonly Record<string, unknown>[], Partial<Hop>, boolean]>([
    ['a number', [{ port: '8080', protocol: 'TCP' }], {}, true],
    ['another number', [{ port: '8081' }], {}, false],
    ['any protocol by default', [{ port: '8080' }], { protocol: 'UDP' }, true],
    ['protocol ANY', [{ port: '8080', protocol: 'ANY' }], { protocol: 'UDP' }, true],
    ['another protocol', [{ port: '8080', protocol: 'TCP' }], { protocol: 'UDP' }, false],
    ['no number for all', [{ protocol: 'TCP' }], {}, true],
    ['an empty text for all', [{ port: '', protocol: 'TCP' }], {}, true],
    ['zero for all', [{ port: '0', protocol: 'TCP' }], {}, true],
    ['a range', [{ port: '8000', endPort: 9000 }], {}, true],
    ['past a range', [{ port: '8000', endPort: 8079 }], {}, false],
    ['a name', [{ port: 'http' }], {}, true],
    ['a name that the pod does not have', [{ port: 'metrics' }], {}, false],
    ['no ports at all', [], {}, false],
  ])('%s', (_, ports, overrides, expected) => {
    const objects = [ciliumPolicy({ ingress: [{ fromEntities: ['all'], toPorts: [{ ports }] }] })];
    expect(verdict(objects, CLIENT, WEB, overrides).allowed).toBe(expected);
  });

  it('are none of TCP or UDP in a rule on ICMP', () => {
    const objects = [
      ciliumPolicy({ ingress: [{ fromEntities: ['all'], icmps: [{ fields: [{ type: 8 }] }] }] }),
    ];
    expect(verdict(objects, CLIENT, WEB).allowed).toBe(false);
  });
});

describe('L7 rules', () => {
  const ports = [{ port: '8080', protocol: 'TCP' }];
  const l7 = (http: readonly Record<string, unknown>[], name = 'l7') =>
    ciliumPolicy({ ingress: [{ toPorts: [{ ports, rules: { http } }] }] }, name);
  const get = (path: string) => ({ http: { method: 'GET', path } });

  it.each<[string, readonly Record<string, unknown>[], { method: string; path: string }, boolean]>([
    ['anything for an empty rule', [{}], { method: 'PUT', path: '/x' }, true],
    ['the method', [{ method: 'GET' }], { method: 'GET', path: '/x' }, true],
    ['no other method', [{ method: 'GET' }], { method: 'POST', path: '/x' }, false],
    ['the whole path', [{ path: '/api' }], { method: 'GET', path: '/api/v1' }, false],
    ['a path by expression', [{ path: '/api/.*' }], { method: 'GET', path: '/api/v1' }, true],
    ['alternatives as a whole', [{ path: '/a|/b' }], { method: 'GET', path: '/ab' }, false],
    [
      'method and path together',
      [
        { method: 'GET', path: '/a' },
        { method: 'PUT', path: '/b' },
      ],
      { method: 'GET', path: '/b' },
      false,
    ],
  ])('allow %s, through the proxy either way', (_, rules, http, allowed) => {
    expect(verdict([l7(rules)], CLIENT, WEB, { http })).toMatchObject({
      allowed,
      proxied: { ingress: true, egress: false },
    });
  });

  it('name the request that they refuse', () => {
    expect(verdict([l7([{ path: '/a' }])], CLIENT, WEB, get('/b')).blockedBy).toMatchObject({
      direction: 'ingress',
      policies: [{ name: 'l7' }],
      reason:
        'no HTTP rule allows GET /b (TCP 8080 from a pod in app (app=client) to a pod in app (app=web))',
    });
  });

  it('let a connection through whose request is not known', () => {
    expect(verdict([l7([{ path: '/a' }])], CLIENT, WEB)).toMatchObject({
      allowed: true,
      proxied: { ingress: true },
    });
  });

  it('add up over policies', () => {
    const both = [l7([{ path: '/a' }], 'one'), l7([{ path: '/b' }], 'two')];
    expect(verdict(both, CLIENT, WEB, get('/b')).allowed).toBe(true);
    expect(verdict(both, CLIENT, WEB, get('/c')).allowed).toBe(false);
  });

  it.each([
    ['a rule on the same port', ciliumPolicy({ ingress: [{ toPorts: [{ ports }] }] }, 'l4')],
    ['a rule on the peer', ciliumPolicy({ ingress: [{ fromEndpoints: [{}] }] }, 'l3')],
    ['a NetworkPolicy', networkPolicy({ ingress: [{}] })],
  ])('let everything pass next to %s, still through the proxy', (_, other) => {
    expect(verdict([l7([{ path: '/a' }]), other], CLIENT, WEB, get('/b'))).toMatchObject({
      allowed: true,
      proxied: { ingress: true },
    });
  });

  it('put no proxy before other ports, other peers or the own node', () => {
    const objects = [
      ciliumPolicy({
        ingress: [
          { fromEndpoints: [{}], toPorts: [{ ports, rules: { http: [{}] } }] },
          { fromEntities: ['all'] },
        ],
      }),
    ];
    expect(verdict(objects, CLIENT, WEB).proxied.ingress).toBe(true);
    expect(verdict(objects, CLIENT, WEB, { port: 9090 }).proxied.ingress).toBe(false);
    expect(verdict(objects, SCRAPER, WEB).proxied.ingress).toBe(false);
    expect(verdict([l7([{ path: '/a' }])], entity('host'), WEB, get('/health'))).toEqual({
      allowed: true,
      blockedBy: undefined,
      proxied: { ingress: false, egress: false },
    });
  });

  it('on the sender put a proxy there, and on both sides two', () => {
    const egress = ciliumPolicy(
      {
        endpointSelector: { matchLabels: { app: 'client' } },
        egress: [{ toEndpoints: [{}], toPorts: [{ ports, rules: { http: [{}] } }] }],
      },
      'egress',
    );
    expect(verdict([egress], CLIENT, WEB).proxied).toEqual({ ingress: false, egress: true });
    const ingress = ciliumPolicy(
      {
        endpointSelector: { matchLabels: { app: 'web' } },
        ingress: [{ toPorts: [{ ports, rules: { http: [{}] } }] }],
      },
      'ingress',
    );
    expect(verdict([egress, ingress], CLIENT, WEB).proxied).toEqual({ ingress: true, egress: true });
  });

  it('refuse nothing without default deny, but do put the proxy there', () => {
    const visible = ciliumPolicy({
      enableDefaultDeny: { ingress: false },
      ingress: [{ toPorts: [{ ports, rules: { http: [{ path: '/a' }] } }] }],
    });
    expect(verdict([visible], CLIENT, WEB, get('/b'))).toMatchObject({
      allowed: true,
      proxied: { ingress: true },
    });
  });

  it('on DNS allow the port without an HTTP proxy', () => {
    const dns = ciliumPolicy({
      egress: [
        { toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] },
      ],
    });
    expect(verdict([dns], WEB, CLIENT, { port: 53, protocol: 'UDP' })).toMatchObject({
      allowed: true,
      proxied: { egress: false },
    });
  });
});

describe('what is not modelled', () => {
  it.each<[string, Record<string, unknown>]>([
    ['toFQDNs', { egress: [{ toFQDNs: [{ matchName: 'x' }] }] }],
    ['toServices', { egress: [{ toServices: [{}] }] }],
    ['toGroups', { egress: [{ toGroups: [{}] }] }],
    ['toNodes', { egress: [{ toNodes: [{}] }] }],
    ['toRequires', { egress: [{ toRequires: [{}] }] }],
    ['authentication', { egress: [{ toEntities: ['all'], authentication: { mode: 'required' } }] }],
    ['serverNames', { egress: [{ toPorts: [{ ports: [], serverNames: ['x'] }] }] }],
    ['kafka', { egress: [{ toPorts: [{ ports: [], rules: { kafka: [{}] } }] }] }],
    ['headers', { egress: [{ toPorts: [{ ports: [], rules: { http: [{ headers: ['X: y'] }] } }] }] }],
    ['a CIDR group', { egress: [{ toCIDRSet: [{ cidrGroupRef: 'x' }] }] }],
  ])('%s is named with its policy, once it selects the pod in question', (what, spec) => {
    const objects = [ciliumPolicy(spec)];
    expect(() => verdict(objects, WEB, CLIENT)).toThrow(
      `not supported: ${what} in CiliumNetworkPolicy app/cnp`,
    );
    expect(verdict(objects, SCRAPER, OTHER_NAMESPACE_WEB).allowed).toBe(true);
  });

  it('is an error with the name of the policy if it is simply wrong', () => {
    expect(() => verdict([ciliumPolicy({ ingress: [{ fromEntities: ['nodes'] }] })], CLIENT, WEB)).toThrow(
      /^CiliumNetworkPolicy app\/cnp: "nodes" is not an entity/,
    );
    expect(() => verdict([ciliumPolicy({ ingress: [{ fromCIDR: ['10/8'] }] })], CLIENT, WEB)).toThrow(
      /^CiliumNetworkPolicy app\/cnp: invalid IP address/,
    );
  });
});
