import fc from 'fast-check';
import { checkObjects } from '../../core/check';
import type { Inventory } from '../../core/kube/inventory';
import { refOf, refText } from '../../core/kube/object';
import { allObjects, type Stack } from '../../core/model';
import { aks } from '../../stacks/aks';
import { stackFiles, synthesize } from '../../synth';
import { only } from '../constructs/render';
import { appliedBy, chosenStack, inventoryOf } from './fixture';

const stack = aksWith();
const objects = synthesize(stack);
const applied = inventoryOf(objects);

function aksWith(...assignments: string[]): Stack {
  return chosenStack('aks', ...assignments);
}

function appliedWith(...assignments: string[]): Inventory {
  return appliedBy('aks', ...assignments);
}

function autoscalerSpec(inventory: Inventory): unknown {
  return only(inventory.horizontalPodAutoscalers)['spec'];
}

describe('the aks stack', () => {
  it('is applied in stages', () => {
    expect(objects.stages.map(({ stage }) => stage)).toEqual([
      ...['namespaces', 'operators', 'workload', 'source', 'monitoring', 'adapter', 'autoscaling', 'load'],
    ]);
  });

  it('describes everything besides its stages and what the cluster brings as data', () => {
    const stages = stack.stages.map(({ name, summary, readyWhen }) => ({ name, summary, readyWhen }));
    const provided = stack.provided?.map((object) => `${object.kind} ${object.metadata.name}`);
    expect({ ...stack, stages, provided }).toMatchSnapshot();
  });

  it('has namespaces of its own, none of them the default one', () => {
    expect(applied.namespaces.map(({ metadata }) => metadata.name).sort()).toEqual([
      'hpa-walkthrough',
      'load-test',
      'prom-metrics',
    ]);
  });
});

const VARIANTS = [
  [],
  ['behavior=defaults'],
  ['behavior=none'],
  ['metric=cpu'],
  ['metric=cpu', 'behavior=defaults'],
  ['target=3', 'min=2', 'max=30', 'registry=walkthrough.azurecr.io'],
];

describe.each(VARIANTS.map((options) => [options]))('the chain of the aks stack with %j', (assignments) => {
  it('holds', () => {
    const variant = aksWith(...assignments);
    const findings = checkObjects(
      allObjects(synthesize(variant)),
      variant.cluster,
      variant.scenario.programs,
    );
    expect(findings).toEqual([]);
  });
});

describe('security of the aks stack', () => {
  const variants = [applied, appliedWith('metric=cpu', 'kubernetes=1.37.0')];

  it('lets the value be set by the loads that are there for it, and scraped, and nothing else', () => {
    const peers = applied.networkPolicies
      .filter(({ spec }) => spec.podSelector?.matchLabels?.['app.kubernetes.io/name'] === 'prom-fake')
      .flatMap(({ spec }) => spec.ingress ?? [])
      .map(({ from, ports }) => {
        const { namespaceSelector, podSelector } = only(from ?? []);
        return [
          namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'],
          podSelector?.matchLabels?.['app.kubernetes.io/name'],
          only(ports ?? []).port,
        ];
      });
    expect(peers.sort()).toEqual([
      ['load-test', 'set-10', 8080],
      ['load-test', 'set-5', 8080],
      ['load-test', 'set-50', 8080],
      ['prom-metrics', 'prometheus', 8080],
    ]);
  });

  it("needs no policies of Cilium's own kind, which AKS has in an add-on only", () => {
    expect(variants.flatMap(({ ciliumNetworkPolicies }) => ciliumNetworkPolicies)).toEqual([]);
  });
});

describe('scaling of the aks stack', () => {
  const TARGET = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nginx' };

  it('follows the value of the Service, with policies for 1, 4, 8, 10', () => {
    expect(autoscalerSpec(applied)).toEqual({
      scaleTargetRef: TARGET,
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'v1', kind: 'Service', name: 'prom-fake' },
            metric: { name: 'prom_fake_value' },
            target: { type: 'Value', value: '10' },
          },
        },
      ],
      behavior: {
        scaleUp: {
          policies: [
            { type: 'Percent', value: 100, periodSeconds: 15 },
            { type: 'Pods', value: 3, periodSeconds: 15 },
          ],
          selectPolicy: 'Max',
        },
      },
    });
    expect(
      only(applied.deployments.filter(({ metadata }) => metadata.name === 'nginx')).spec,
    ).not.toHaveProperty('replicas');
  });

  it('says nothing of its growth when told to, as the document does not', () => {
    expect(autoscalerSpec(appliedWith('behavior=none'))).not.toHaveProperty('behavior');
  });

  it('follows the CPU of the pods when told to', () => {
    const variant = appliedWith('metric=cpu', 'behavior=none');
    expect(autoscalerSpec(variant)).toMatchObject({
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
    });
    expect(variant.ofKind('batch', 'CronJob').map(({ metadata }) => metadata.name)).toEqual(['hey']);
  });

  it('expects what the values lead to', () => {
    expect(only(stack.scenario.expect).replicasAt).toEqual({
      ...{ '3m': 1, '6m': 1, '12m': 10 },
      ...{ '19m30s': 5, '24m30s': 3, '29m30s': 2, '34m30s': 1 },
    });
  });

  it('expects what the requests use: 91m and 8m at rest of eight pods are 12.3m each, of 12.5m', () => {
    const at = only(aksWith('metric=cpu').scenario.expect).replicasAt;
    expect(at).toMatchObject({ '7m30s': { atLeast: 8, atMost: 8 }, '20m': { atLeast: 1, atMost: 1 } });
  });
});

describe('images of the aks stack', () => {
  it('are all that its manifests name', () => {
    const named = new Set(stack.images.map(({ reference }) => reference));
    const used = [
      ...applied.workloads.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image)),
      ...applied.prometheuses.map(({ spec }) => spec.image),
    ];
    expect(used.filter((image) => !named.has(image ?? ''))).toEqual([]);
  });

  it('are in the registry where they are the project’s own', () => {
    const own = aksWith('registry=walkthrough.azurecr.io').images.filter(({ build }) => build !== undefined);
    expect(own.map(({ reference }) => reference)).toEqual([
      'walkthrough.azurecr.io/plimsoll/adapter:0.1.0',
      'walkthrough.azurecr.io/plimsoll/prom-fake:0.1.0',
      'walkthrough.azurecr.io/plimsoll/load-test:0.1.0',
    ]);
  });

  it('are not installed from nowhere', () => {
    const install = (variant: Stack) =>
      [...stackFiles(variant, synthesize(variant), { source: '../..' })].find(([path]) =>
        path.endsWith('install.sh'),
      )?.[1].content;
    expect(install(stack)).toContain('no_registry prom-fake');
    expect(install(aksWith('registry=walkthrough.azurecr.io'))).not.toContain('no_registry prom-fake');
  });
});

describe('any options of the aks stack', () => {
  const anyOptions = fc.record({
    metric: fc.constantFrom('value' as const, 'cpu' as const),
    target: fc.double({ min: 0.001, max: 1e4, noNaN: true }),
    cpuTarget: fc.integer({ min: 1, max: 1000 }),
    behavior: fc.constantFrom('stepwise' as const, 'defaults' as const, 'none' as const),
    min: fc.integer({ min: 1, max: 5 }),
    max: fc.integer({ min: 5, max: 100 }),
    scrapeInterval: fc.constantFrom('5s', '10s', '1m'),
    relistInterval: fc.constantFrom('10s', '1m', '5m'),
    registry: fc.constantFrom('', 'walkthrough.azurecr.io', 'localhost:5000/a/b'),
  });

  it('give objects of unique names, and a scenario without contradictions', () => {
    fc.assert(
      fc.property(anyOptions, (chosen) => {
        const all = allObjects(synthesize(aks.define(aks.options.parse(chosen))));
        const refs = all.map(({ object }) => `${object.apiVersion} ${refText(refOf(object))}`);
        expect(new Set(refs).size).toBe(refs.length);
      }),
      { numRuns: 20 },
    );
  });
});
