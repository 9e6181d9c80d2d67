import type { Hop, Peer } from '../../../../core/kube/network-policy';
import { CLIENT, entity, hop, networkPolicy, policies, SCRAPER, WEB } from './hops';

const OTHER_CNI = { enforced: true, cilium: false };

function allowed(
  spec: Record<string, unknown>,
  from: Peer,
  to: Peer,
  overrides: Partial<Hop> = {},
  options = OTHER_CNI,
): boolean {
  return policies([networkPolicy(spec)], options).verdict(hop(from, to, overrides)).allowed;
}

describe('isolation by a NetworkPolicy', () => {
  it('leaves pods open that no policy selects', () => {
    expect(allowed({ podSelector: { matchLabels: { app: 'other' } } }, CLIENT, WEB)).toBe(true);
    expect(allowed({}, WEB, SCRAPER)).toBe(true);
  });

  it.each([
    ['neither list', {}, false, true],
    ['ingress only', { ingress: [{}] }, true, true],
    ['egress only', { egress: [{}] }, false, true],
    ['an empty egress list', { egress: [] }, false, true],
    ['policyTypes Egress', { policyTypes: ['Egress'] }, true, false],
    [
      'policyTypes Egress with ingress rules',
      { policyTypes: ['Egress'], ingress: [{ from: [{ podSelector: {} }] }] },
      true,
      false,
    ],
    ['both policyTypes', { policyTypes: ['Ingress', 'Egress'] }, false, false],
  ])('with %s is for the right directions', (_, spec, ingress, egress) => {
    expect(allowed(spec, SCRAPER, WEB)).toBe(ingress);
    expect(allowed(spec, WEB, SCRAPER)).toBe(egress);
  });

  it('says who isolates and why', () => {
    const { blockedBy, proxied } = policies([networkPolicy({})], OTHER_CNI).verdict(hop(SCRAPER, WEB));
    expect(blockedBy).toEqual({
      direction: 'ingress',
      policies: [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'app', name: 'np' }],
      reason: 'no rule allows TCP 8080 from a pod in monitoring (app=prometheus) to a pod in app (app=web)',
    });
    expect(proxied).toEqual({ ingress: false, egress: false });
  });

  it('needs both ends to allow a hop', () => {
    const objects = [
      networkPolicy({ policyTypes: ['Egress'], egress: [] }, 'egress'),
      networkPolicy({ ingress: [{}] }, 'ingress'),
    ];
    const { allowed: isAllowed, blockedBy } = policies(objects, OTHER_CNI).verdict(hop(CLIENT, WEB));
    expect(isAllowed).toBe(false);
    expect(blockedBy?.direction).toBe('egress');
  });
});

describe('peers of a NetworkPolicy', () => {
  it.each<[string, Record<string, unknown>, readonly [client: boolean, scraper: boolean, world: boolean]]>([
    ['no peers', {}, [true, true, true]],
    ['an empty list', { from: [] }, [true, true, true]],
    ['any pod of the namespace', { from: [{ podSelector: {} }] }, [true, false, false]],
    ['pods by label', { from: [{ podSelector: { matchLabels: { app: 'client' } } }] }, [true, false, false]],
    [
      'pods by another label',
      { from: [{ podSelector: { matchLabels: { app: 'x' } } }] },
      [false, false, false],
    ],
    ['any namespace', { from: [{ namespaceSelector: {} }] }, [true, true, false]],
    [
      'a namespace by label',
      { from: [{ namespaceSelector: { matchLabels: { team: 'b' } } }] },
      [false, true, false],
    ],
    [
      'a namespace by name',
      { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }] },
      [false, true, false],
    ],
    [
      'pods in a namespace',
      {
        from: [
          {
            namespaceSelector: { matchLabels: { team: 'b' } },
            podSelector: { matchLabels: { app: 'client' } },
          },
        ],
      },
      [false, false, false],
    ],
    [
      'two peers',
      { from: [{ podSelector: {} }, { namespaceSelector: { matchLabels: { team: 'b' } } }] },
      [true, true, false],
    ],
    [
      'all addresses, which are not those of pods',
      { from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] },
      [false, false, true],
    ],
  ])('%s', (_, rule, expected) => {
    const found = [CLIENT, SCRAPER, entity('world')].map((from) => allowed({ ingress: [rule] }, from, WEB));
    expect(found).toEqual(expected);
  });

  it.each([
    ['another network', OTHER_CNI, true],
    ['Cilium, which knows nodes by identity', { enforced: true, cilium: true }, false],
  ])('all addresses include those of nodes and API server under %s', (_, options, expected) => {
    const spec = { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] };
    const found = (['kube-apiserver', 'remote-node'] as const).map((name) =>
      allowed(spec, WEB, entity(name), {}, options),
    );
    expect(found).toEqual([expected, expected]);
  });

  it('no peers include nodes and API server under Cilium too', () => {
    expect(
      allowed({ ingress: [{}] }, entity('kube-apiserver'), WEB, {}, { enforced: true, cilium: true }),
    ).toBe(true);
  });

  it('decides by the address where it is known, and says so where it is needed and is not', () => {
    const spec = { ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] } }] }] };
    expect(allowed(spec, entity('world', '192.0.2.1'), WEB)).toBe(true);
    expect(allowed(spec, entity('world', '192.0.2.200'), WEB)).toBe(false);
    expect(() => allowed(spec, entity('world'), WEB)).toThrow(
      'not supported: an IP block of NetworkPolicy app/np decides about world, whose address is not known',
    );
    expect(allowed({ ingress: [...spec.ingress, {}] }, entity('world'), WEB)).toBe(true);
  });

  it('the node of a pod may always reach it, and be reached from it', () => {
    const spec = { policyTypes: ['Ingress', 'Egress'] };
    expect(allowed(spec, entity('host'), WEB)).toBe(true);
    expect(allowed(spec, WEB, entity('host'))).toBe(true);
    expect(allowed(spec, entity('remote-node'), WEB)).toBe(false);
  });
});

describe('ports of a NetworkPolicy', () => {
  it.each<[string, Record<string, unknown>, Partial<Hop>, boolean]>([
    ['no ports', {}, {}, true],
    ['an empty list', { ports: [] }, {}, true],
    ['the port', { ports: [{ port: 8080 }] }, {}, true],
    ['another port', { ports: [{ port: 8081 }] }, {}, false],
    ['one of two ports', { ports: [{ port: 8081 }, { port: 8080 }] }, {}, true],
    ['TCP where none is named', { ports: [{ port: 8080 }] }, { protocol: 'UDP' }, false],
    ['the protocol', { ports: [{ port: 8080, protocol: 'UDP' }] }, { protocol: 'UDP' }, true],
    ['all ports of a protocol', { ports: [{ protocol: 'TCP' }] }, {}, true],
    ['a range', { ports: [{ port: 8000, endPort: 8080 }] }, {}, true],
    ['past a range', { ports: [{ port: 8000, endPort: 8079 }] }, {}, false],
    ['a named port', { ports: [{ port: 'http' }] }, {}, true],
    ['a named port with another number', { ports: [{ port: 'http' }] }, { port: 80 }, false],
    ['a name that the pod does not have', { ports: [{ port: 'metrics' }] }, {}, false],
  ])('%s', (_, rule, overrides, expected) => {
    expect(allowed({ ingress: [rule] }, CLIENT, WEB, overrides)).toBe(expected);
  });

  it('resolves a named port of an egress rule on the pod it goes to', () => {
    const spec = { policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] };
    expect(allowed(spec, CLIENT, WEB)).toBe(true);
    expect(allowed(spec, WEB, CLIENT)).toBe(false);
  });
});
