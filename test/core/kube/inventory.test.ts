import { UsageError } from '../../../core/errors';
import { Inventory } from '../../../core/kube/inventory';
import { parseObject, refOf, refText } from '../../../core/kube/object';

const broken = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { ports: [{ port: 'http' }] },
};

describe('Inventory', () => {
  it('reads a kind only when it is asked for', () => {
    const inventory = new Inventory([broken]);
    expect(inventory.deployments).toEqual([]);
    expect(() => inventory.services).toThrow(UsageError);
  });

  it('names the object and the field that does not fit', () => {
    expect(() => new Inventory([broken]).services).toThrow(
      /^Service shop\/web: spec\.ports\.0\.port: .*expected number/,
    );
  });

  it('tells kinds of the same name apart by their group', () => {
    const knative = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'web' } };
    expect(new Inventory([knative]).services).toEqual([]);
  });

  it('gives every namespace the label that the API server adds', () => {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } };
    expect(new Inventory([object]).namespaceLabels('shop')).toEqual({
      team: 'a',
      'kubernetes.io/metadata.name': 'shop',
    });
    expect(new Inventory([]).namespaceLabels('other')).toEqual({ 'kubernetes.io/metadata.name': 'other' });
  });

  it('knows the kinds of the CRDs among the objects', () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'queues.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names: { kind: 'Queue', plural: 'queues' },
        versions: [{ name: 'v1' }],
      },
    };
    const { apiResources } = new Inventory([crd]);
    expect(apiResources.find('example.com', 'queue')?.namespaced).toBe(false);
    expect(apiResources.findKind('apps', 'Deployment')?.plural).toBe('deployments');
    expect(apiResources.find('', 'deployments')).toBeUndefined();
  });
});

describe('objects', () => {
  it('refuses what has no identity, saying where it stands', () => {
    expect(() => parseObject({ kind: 'Pod' }, 'pods.yaml:3')).toThrow(
      /^pods\.yaml:3: not a Kubernetes object: apiVersion/,
    );
  });

  it('takes null for absent, as the API server does', () => {
    const object = parseObject(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a', annotations: null },
        spec: { volumes: [null], x: null },
      },
      '-',
    );
    expect(object).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { volumes: [null] },
    });
  });

  it('names cluster-scoped and namespaced objects', () => {
    expect(refText(refOf(parseObject(broken, '-')))).toBe('Service shop/web');
    expect(refText({ apiVersion: 'v1', kind: 'Node', name: 'n1' })).toBe('Node n1');
  });
});
