import { allObjects } from '../../core/model';
import { synthesize } from '../../synth';
import { add, shop, withStages } from './fixture';

describe('synthesize', () => {
  it('keeps the order of stages and the construct path of each object', () => {
    const { stages } = synthesize(shop);
    expect(stages.map(({ stage }) => stage)).toEqual(['namespaces', 'workload', 'autoscaling']);
    expect(stages.flatMap(({ objects }) => objects.map(({ origin }) => origin))).toEqual([
      { stage: 'namespaces', constructPath: 'namespaces/namespace' },
      { stage: 'workload', constructPath: 'workload/web' },
      { stage: 'workload', constructPath: 'workload/api' },
      { stage: 'autoscaling', constructPath: 'autoscaling/hpa' },
    ]);
  });

  it('takes the namespace off cluster-scoped kinds and leaves it on others', () => {
    const { stages } = synthesize(shop);
    const namespaces = stages.flatMap(({ objects }) =>
      objects.map(({ object }) => object.metadata.namespace),
    );
    expect(namespaces).toEqual([undefined, 'shop', undefined, 'shop']);
    expect(Object.keys(stages[0]?.objects[0]?.object.metadata ?? {})).toEqual(['name']);
  });

  it('reads the scope of custom kinds from the CRDs of the same stack', () => {
    const stack = withStages({
      definitions: (chart) => {
        add(
          chart,
          'crd',
          'apiextensions.k8s.io/v1',
          'CustomResourceDefinition',
          { name: 'ships.sea.example' },
          {
            group: 'sea.example',
            scope: 'Cluster',
            names: { kind: 'Ship', plural: 'ships' },
            versions: [{ name: 'v1' }],
          },
        );
      },
      ships: (chart) => {
        add(chart, 'ship', 'sea.example/v1', 'Ship', { name: 'plimsoll', namespace: 'sea' });
        add(chart, 'boat', 'sea.example/v1', 'Boat', { name: 'dinghy', namespace: 'sea' });
      },
    });
    const ships = synthesize(stack).stages[1]?.objects ?? [];
    expect(ships.map(({ object }) => object.metadata.namespace)).toEqual([undefined, 'sea']);
  });

  it('gives what the cluster and the releases bring before everything else', () => {
    const first = allObjects(synthesize(shop)).slice(0, 3);
    expect(first.map(({ object, origin }) => [object.metadata.name, origin])).toEqual([
      ['kube-dns', { cluster: true }],
      ['metrics-server', { cluster: true }],
      ['hubble-metrics', { release: 'cilium' }],
    ]);
  });

  it('makes names without hashes', () => {
    const stack = withStages({ one: (chart) => void add(chart, 'thing', 'v1', 'ConfigMap', {}) });
    expect(synthesize(stack).stages[0]?.objects[0]?.object.metadata.name).toBe('one-thing');
  });

  it('gives equal objects every time', () => {
    expect(synthesize(shop)).toEqual(synthesize(shop));
  });

  it('names stage and construct of what cannot be rendered', () => {
    class Opaque {}
    const stack = withStages({
      one: (chart) => void add(chart, 'bad', 'v1', 'ConfigMap', { name: 'bad' }, { value: new Opaque() }),
    });
    expect(() => synthesize(stack)).toThrow(/^stack shop, stage one: .*one\/bad/);
  });

  it('names the stage whose constructs throw', () => {
    const stack = withStages({
      one: () => {
        throw new Error('no port named http');
      },
    });
    expect(() => synthesize(stack)).toThrow('stack shop, stage one: no port named http');
  });

  it('names both constructs that declare the same object', () => {
    const stack = withStages({
      one: (chart) => void add(chart, 'a', 'v1', 'ConfigMap', { name: 'config', namespace: 'shop' }),
      two: (chart) => void add(chart, 'b', 'v1', 'ConfigMap', { name: 'config', namespace: 'shop' }),
    });
    expect(() => synthesize(stack)).toThrow(
      'ConfigMap shop/config is declared twice: by one/a and by two/b; give one of them another name',
    );
  });

  it('refuses a dependency between stages, which cdk8s would resolve in exponential time', () => {
    const made: ReturnType<typeof add>[] = [];
    const stack = withStages({
      one: (chart) => void made.push(add(chart, 'a', 'v1', 'ConfigMap', { name: 'a' })),
      two: (chart) => add(chart, 'b', 'v1', 'ConfigMap', { name: 'b' }).addDependency(...made),
    });
    expect(() => synthesize(stack)).toThrow('two/b depends on one/a of another stage');
  });

  it('orders objects of one stage by their dependencies', () => {
    const stack = withStages({
      one: (chart) => {
        const late = add(chart, 'late', 'v1', 'ConfigMap', { name: 'late' });
        late.addDependency(add(chart, 'early', 'v1', 'ConfigMap', { name: 'early' }));
      },
    });
    const names = synthesize(stack).stages[0]?.objects.map(({ object }) => object.metadata.name);
    expect(names).toEqual(['early', 'late']);
  });

  it('refuses a release that would never be installed', () => {
    const [release] = shop.releases;
    if (!release) throw new Error('the fixture has releases');
    const stack = { ...shop, releases: [{ ...release, before: 'workloads' }] };
    expect(() => synthesize(stack)).toThrow(
      'release cilium is to be installed before stage "workloads", which does not exist; the stages are namespaces, workload, autoscaling',
    );
  });
});
