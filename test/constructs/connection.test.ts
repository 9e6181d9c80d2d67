import { CNI_CONTEXT } from '../../core/model';
import type { Chart } from 'cdk8s';
import { App, Connection, DnsAccess, Entity, RestrictedNamespace } from '../../constructs';
import type { ConnectionProps } from '../../constructs/connection';
import { inventory, only, render } from './render';

const client = new App({ namespace: 'front', name: 'web' });
const server = new App({ namespace: 'back', name: 'api', ports: { http: 8080 } });
const http = { methods: ['GET', 'POST'] };

describe('a connection between apps', () => {
  it('is opened on both sides by NetworkPolicies', () => {
    const objects = inventory(
      (chart) => new Connection(chart, 'c', { from: client, to: server.port('http') }),
    );
    expect(objects.ciliumNetworkPolicies).toEqual([]);
    const [egress, ingress] = objects.networkPolicies;
    expect(egress).toMatchObject({ metadata: { name: 'web-to-api-8080', namespace: 'front' } });
    expect(egress?.spec).toEqual({
      podSelector: { matchLabels: client.podLabels },
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'back' } },
              podSelector: { matchLabels: server.podLabels },
            },
          ],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
    });
    expect(ingress).toMatchObject({ metadata: { name: 'api-from-web-8080', namespace: 'back' } });
    expect(ingress?.spec).toEqual({
      podSelector: { matchLabels: server.podLabels },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'front' } },
              podSelector: { matchLabels: client.podLabels },
            },
          ],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
    });
  });

  it('is inspected at the server only unless both sides are wanted', () => {
    const objects = inventory(
      (chart) =>
        new Connection(chart, 'c', {
          from: client,
          to: server.port('http'),
          http: { ...http, by: 'server' },
        }),
    );
    expect(only(objects.networkPolicies).metadata.name).toBe('web-to-api-8080');
    expect(only(objects.ciliumNetworkPolicies)).toMatchObject({
      metadata: { name: 'api-from-web-8080', namespace: 'back' },
      spec: {
        endpointSelector: { matchLabels: server.podLabels },
        ingress: [
          {
            fromEndpoints: [
              { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'front', ...client.podLabels } },
            ],
            toPorts: [
              {
                ports: [{ port: '8080', protocol: 'TCP' }],
                rules: { http: [{ method: 'GET' }, { method: 'POST' }] },
              },
            ],
          },
        ],
      },
    });
  });

  it('can be inspected at the client as well', () => {
    const { networkPolicies, ciliumNetworkPolicies } = inventory(
      (chart) =>
        new Connection(chart, 'c', { from: client, to: server.port('http'), http: { ...http, by: 'both' } }),
    );
    expect(networkPolicies).toEqual([]);
    expect(
      ciliumNetworkPolicies.map(({ spec }) => spec?.egress?.[0]?.toPorts?.[0]?.rules?.http?.length),
    ).toEqual([2, undefined]);
  });
});

describe('a connection with something that is no pod', () => {
  it('is opened at the client when that is an app', () => {
    const objects = inventory(
      (chart) => new Connection(chart, 'c', { from: client, to: Entity.apiServer, port: 6443 }),
    );
    expect(objects.networkPolicies).toEqual([]);
    expect(only(objects.ciliumNetworkPolicies)).toMatchObject({
      metadata: { name: 'web-to-api-server-6443', namespace: 'front' },
      spec: {
        endpointSelector: { matchLabels: client.podLabels },
        egress: [
          { toEntities: ['kube-apiserver'], toPorts: [{ ports: [{ port: '6443', protocol: 'TCP' }] }] },
        ],
      },
    });
  });

  it('is opened at the server when that is an app', () => {
    const objects = inventory(
      (chart) => new Connection(chart, 'c', { from: Entity.controlPlane, to: server.port('http') }),
    );
    expect(only(objects.ciliumNetworkPolicies)).toMatchObject({
      metadata: { name: 'api-from-control-plane-8080', namespace: 'back' },
      spec: { ingress: [{ fromEntities: ['kube-apiserver', 'host', 'remote-node'] }] },
    });
  });
});

describe('connections of the same two', () => {
  it('have names of their own by their ports', () => {
    const names = (fill: (chart: Chart) => void) =>
      render(fill).map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].join(' '));
    const several = new App({ namespace: 'back', name: 'api', ports: { http: 8080, grpc: 9090 } });
    const all = names((chart) => {
      new Connection(chart, 'http', { from: client, to: several.port('http') });
      new Connection(chart, 'grpc', { from: client, to: several.port('grpc') });
      new Connection(chart, 'agents', { from: client, to: Entity.nodes, port: 9100 });
      new Connection(chart, 'kubelets', { from: client, to: Entity.nodes, port: 10250 });
    });
    expect(new Set(all).size).toBe(6);
  });
});

describe('a connection without Cilium', () => {
  const plain = (props: ConnectionProps) =>
    inventory((chart) => {
      chart.node.setContext(CNI_CONTEXT, 'other');
      new Connection(chart, 'c', props);
    });

  it('is opened to everybody on the port where a NetworkPolicy cannot name the peer', () => {
    const ports = (port: number) => [{ port, protocol: 'TCP' }];
    const egress = plain({ from: client, to: Entity.apiServer, port: 6443 });
    const ingress = plain({ from: Entity.controlPlane, to: server.port('http') });
    expect([...egress.ciliumNetworkPolicies, ...ingress.ciliumNetworkPolicies]).toEqual([]);
    expect(only(egress.networkPolicies).spec).toEqual({
      podSelector: { matchLabels: client.podLabels },
      policyTypes: ['Egress'],
      egress: [{ ports: ports(6443) }],
    });
    expect(only(ingress.networkPolicies).spec).toEqual({
      podSelector: { matchLabels: server.podLabels },
      policyTypes: ['Ingress'],
      ingress: [{ ports: ports(8080) }],
    });
  });

  it('cannot be inspected', () => {
    expect(() => plain({ from: client, to: server.port('http'), http: { ...http, by: 'server' } })).toThrow(
      'not supported: stage/c: inspecting requests without Cilium',
    );
  });
});

describe('a restricted namespace', () => {
  it('pins the version of its Pod Security level and denies all traffic', () => {
    const objects = inventory(
      (chart) => new RestrictedNamespace(chart, 'n', { name: 'back', podSecurity: '1.36' }),
    );
    expect(only(objects.namespaces).metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'v1.36',
      'pod-security.kubernetes.io/audit': 'restricted',
      'pod-security.kubernetes.io/audit-version': 'v1.36',
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/warn-version': 'v1.36',
    });
    expect(only(objects.networkPolicies)).toMatchObject({
      metadata: { namespace: 'back' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  });

  it('can be let resolve names', () => {
    const { networkPolicies } = inventory((chart) => new DnsAccess(chart, 'd', { namespace: 'back' }));
    expect(only(networkPolicies).spec.egress?.[0]?.ports).toEqual([
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ]);
  });
});
