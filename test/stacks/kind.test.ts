import fc from 'fast-check';
import { checkObjects } from '../../core/check';
import { type Inventory, namespaceOf } from '../../core/kube/inventory';
import { refOf, refText } from '../../core/kube/object';
import { allObjects, type Stack } from '../../core/model';
import { kind } from '../../stacks/kind';
import { synthesize } from '../../synth';
import { only } from '../constructs/render';
import { appliedBy, chosenStack, inventoryOf } from './fixture';

const stack = kindWith();
const objects = synthesize(stack);
const applied = inventoryOf(objects);

function kindWith(...assignments: string[]): Stack {
  return chosenStack('kind', ...assignments);
}

describe('the kind stack', () => {
  it('is applied in stages', () => {
    expect(objects.stages.map(({ stage }) => stage)).toEqual([
      'namespaces',
      'operators',
      'monitoring',
      'adapter',
      'workload',
      'autoscaling',
      'load',
    ]);
  });

  it('describes everything besides its stages as data', () => {
    const stages = stack.stages.map(({ name, summary, readyWhen }) => ({ name, summary, readyWhen }));
    expect({ ...stack, stages }).toMatchSnapshot();
  });

  it('has the namespaces of the document', () => {
    expect(applied.namespaces.map(({ metadata }) => metadata.name).sort()).toEqual([
      'backend',
      'cilium-monitoring',
      'custom-metrics',
      'load-test',
    ]);
  });

  it('installs Cilium before anything and the operator definitions before the operator', () => {
    expect(stack.releases.map(({ name, before }) => [name, before])).toEqual([
      ['cilium', 'namespaces'],
      ['prometheus-operator-crds', 'operators'],
    ]);
  });
});

describe('the chain of the kind stack', () => {
  const errors = (...assignments: string[]) => {
    const variant = kindWith(...assignments);
    return checkObjects(allObjects(synthesize(variant)), variant.cluster).filter(
      ({ severity }) => severity === 'error',
    );
  };

  it.each([
    [[]],
    [['policySides=both']],
    [['backendMetrics=true', 'exposeNodePorts=true']],
    [['load1=0', 'min=2']],
  ])('holds with options %j', (assignments) => {
    expect(errors(...assignments)).toEqual([]);
  });

  it("is found broken by the document's mistake", () => {
    expect(errors('policySides=both', 'reporter=any')).toMatchObject([{ check: 'l7-counted-twice' }]);
  });
});

it('is reachable at ports of the nodes if it is asked for', () => {
  const { services } = appliedBy('kind', 'exposeNodePorts=true');
  expect(services.map(({ spec }) => spec.type)).toContain('NodePort');
});

describe('scaling of the kind stack', () => {
  it('leaves the size of what an autoscaler owns to the autoscaler', () => {
    const owned = applied.horizontalPodAutoscalers.map(({ metadata }) => metadata.name);
    expect(owned).toEqual(['backend-1', 'backend-2']);
    for (const name of owned) {
      const deployment = only(applied.deployments.filter(({ metadata }) => metadata.name === name));
      expect(deployment.spec).not.toHaveProperty('replicas');
    }
  });

  it('expects 2 and 5 pods of the document, and that they stay', () => {
    expect(stack.scenario.expect).toMatchObject([
      { autoscaler: 'backend/backend-1', replicasAt: { '10m': 2 }, neverAbove: 3, noScaleDownBefore: '12m' },
      { autoscaler: 'backend/backend-2', replicasAt: { '10m': 5 }, neverAbove: 6, noScaleDownBefore: '12m' },
    ]);
  });

  it('expects what the chosen load, target and bounds give', () => {
    const { expect: [first, second] = [] } = kindWith('load1=80', 'target2=1', 'max=7').scenario;
    // 80 / 25 = 3.2, and 3 pods are within the tolerance.
    expect(first?.replicasAt).toEqual({ '10m': { atLeast: 3, atMost: 4 } });
    expect(second?.replicasAt).toEqual({ '10m': 7 });
    expect(second?.neverAbove).toBe(7);
  });

  it('expects an unknown metric and the least pods without load', () => {
    const idle = kindWith('load1=0', 'min=2');
    expect(idle.scenario.expect[0]).toEqual({
      autoscaler: 'backend/backend-1',
      replicasAt: { '10m': 2 },
      metricUnknownAt: ['10m'],
    });
    expect(inventoryOf(synthesize(idle)).deployments.map(({ metadata }) => metadata.name)).not.toContain(
      'load-test-1',
    );
  });

  it("counts the server's reports, and everybody's when told to repeat the document's mistake", () => {
    const rules = (variant: Inventory) =>
      only(variant.configMaps.filter(({ metadata }) => metadata.namespace === 'custom-metrics')).data?.[
        'config.yaml'
      ];
    expect(rules(applied)).toContain('reporter="server"}[1m]');
    expect(rules(inventoryOf(synthesize(kindWith('reporter=any'))))).not.toContain('reporter');
  });

  it('inspects requests at the backends, and at the load tests as well when told to', () => {
    const inspecting = (variant: Inventory) =>
      variant.ciliumNetworkPolicies
        .filter(({ spec }) =>
          [...(spec?.ingress ?? []), ...(spec?.egress ?? [])].some(({ toPorts }) => toPorts?.[0]?.rules),
        )
        .map(namespaceOf);
    expect(inspecting(applied)).toEqual(['backend', 'backend']);
    expect(inspecting(inventoryOf(synthesize(kindWith('policySides=both')))).sort()).toEqual([
      'backend',
      'backend',
      'load-test',
      'load-test',
    ]);
  });

  it("scrapes the backends' own counters when told to", () => {
    expect(applied.podMonitors).toEqual([]);
    const variant = inventoryOf(synthesize(kindWith('backendMetrics=true')));
    expect(variant.podMonitors.map(({ metadata }) => metadata.name)).toEqual(['backend-1', 'backend-2']);
  });
});

describe('images of the kind stack', () => {
  it('are all that its manifests name', () => {
    const named = new Set(stack.images.map(({ reference }) => reference));
    const used = [
      ...applied.workloads.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image)),
      ...applied.prometheuses.map(({ spec }) => spec.image),
    ];
    expect(used.filter((image) => !named.has(image ?? ''))).toEqual([]);
  });

  it('are built here only if they are the project’s own', () => {
    const upstream = 'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0';
    const variant = kindWith(`adapterImage=${upstream}`);
    expect(variant.images[0]).toEqual({ name: 'adapter', reference: upstream });
    expect(variant.scenario.expect[0]?.metricKnownBetween).toEqual(['1m', '1m55s']);
    expect(kindWith().scenario.expect[0]?.metricKnownBetween).toEqual(['0s', '55s']);
    expect(stack.images[0]).toEqual({
      name: 'adapter',
      reference: 'plimsoll/adapter:0.1.0',
      build: 'apps/adapter',
    });
  });
});

describe('any options of the kind stack', () => {
  const anyOptions = fc.record({
    load1: fc.integer({ min: 0, max: 10_000 }),
    load2: fc.integer({ min: 0, max: 10_000 }),
    target1: fc.double({ min: 0.001, max: 1e4, noNaN: true }),
    target2: fc.integer({ min: 1, max: 1000 }),
    min: fc.integer({ min: 1, max: 5 }),
    max: fc.integer({ min: 5, max: 100 }),
    scrapeInterval: fc.constantFrom('5s', '10s', '1m'),
    relistInterval: fc.constantFrom('10s', '1m', '5m'),
    policySides: fc.constantFrom('server' as const, 'both' as const),
    reporter: fc.constantFrom('server' as const, 'any' as const),
    backendMetrics: fc.boolean(),
    exposeNodePorts: fc.boolean(),
  });

  it('give objects of unique and valid names, and a scenario without contradictions', () => {
    fc.assert(
      fc.property(anyOptions, (chosen) => {
        const all = allObjects(synthesize(kind.define(kind.options.parse(chosen))));
        const refs = all.map(({ object }) => `${object.apiVersion} ${refText(refOf(object))}`);
        expect(new Set(refs).size).toBe(refs.length);
        for (const { object } of all)
          expect(object.metadata.name).toMatch(/^[a-z0-9]([a-z0-9.:-]{0,61}[a-z0-9])?$/);
      }),
      { numRuns: 20 },
    );
  });
});
