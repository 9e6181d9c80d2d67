import fc from 'fast-check';
import { checkObjects } from '../../core/check';
import { type Inventory, namespaceOf } from '../../core/kube/inventory';
import { refOf, refText } from '../../core/kube/object';
import { allObjects, type Stack } from '../../core/model';
import { bareMetal } from '../../stacks/bare-metal';
import { stackFiles, synthesize } from '../../synth';
import { only } from '../constructs/render';
import { chosenStack, inventoryOf } from './fixture';
import { violations } from './pod-security';

const stack = stackWith();
const objects = synthesize(stack);
const applied = inventoryOf(objects);

const VARIANTS = [
  [],
  ['counter=all'],
  ['counter=all', 'appTarget=0.7'],
  ['worker=value'],
  ['worker=document'],
  ['metricsServer=cluster'],
  ['kubeletCertificates=self-signed', 'registry=registry.example.com/team'],
  ['kubernetes=1.34.4'],
];

function stackWith(...assignments: string[]): Stack {
  return chosenStack('bare-metal', ...assignments);
}

function autoscaler(inventory: Inventory, name: string) {
  return only(inventory.horizontalPodAutoscalers.filter(({ metadata }) => metadata.name === name));
}

describe('the bare-metal stack', () => {
  it('is applied in stages', () => {
    expect(objects.stages.map(({ stage }) => stage)).toEqual([
      'namespaces',
      'metrics-server',
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

  it('is for the cluster of the document: six nodes, 184 cores, 660 pods', () => {
    const { nodes, autoscaling } = stack.cluster;
    const total = (of: (node: (typeof nodes)[number]) => number) =>
      nodes.reduce((sum, node) => sum + node.count * of(node), 0);
    expect([total(() => 1), total(({ cpu }) => Number(cpu)), total(({ pods }) => pods)]).toEqual([
      6, 184, 660,
    ]);
    expect(autoscaling).toMatchObject({ syncPeriod: '10s', downscaleStabilization: '30s', tolerance: 0.1 });
  });

  it('has the control plane looked at before anything is applied', () => {
    const files = new Map(stackFiles(stack, objects, { source: '../..' }));
    const install = files.get('bare-metal/install.sh')?.content ?? '';
    const looks = ['aggregation\n', 'controller_flag horizontal-pod-autoscaler-sync-period 10s 15s\n'];
    for (const look of looks) {
      expect(install.lastIndexOf(look)).toBeGreaterThan(0);
      expect(install.lastIndexOf(look)).toBeLessThan(install.lastIndexOf('confirm "Apply'));
    }
    expect(install.lastIndexOf('confirm "Apply')).toBeLessThan(install.lastIndexOf('00-namespaces.yaml'));
  });

  it('never applies the other tenants, nor the DNS', () => {
    expect(applied.namespaces.map(({ metadata }) => metadata.name)).not.toContain('tenants');
    expect(objects.provided.map(({ object }) => refText(refOf(object)))).toContain(
      'Deployment tenants/business',
    );
  });

  it('leaves metrics-server to a cluster that brings one', () => {
    const variant = stackWith('metricsServer=cluster');
    const groups = inventoryOf(synthesize(variant)).apiServices.map(({ spec }) => spec.group);
    expect(new Set(groups)).toEqual(new Set(['custom.metrics.k8s.io']));
    expect(variant.images.map(({ name }) => name)).not.toContain('metrics-server');
  });
});

describe('the chain of the bare-metal stack', () => {
  it.each(VARIANTS.map((assignments) => [assignments] as const))('holds with options %j', (assignments) => {
    const variant = stackWith(...assignments);
    const findings = checkObjects(allObjects(synthesize(variant)), variant.cluster);
    expect(findings.filter(({ accepted }) => accepted === undefined)).toEqual([]);
    // Nobody signs the certificate of metrics-server, in upstream's manifests either.
    expect(findings.map(({ check, severity }) => [check, severity])).toEqual(
      assignments.includes('metricsServer=cluster') ? [] : [['api-service-insecure', 'warning']],
    );
  });

  it.each([
    ['appMin=3', 'appMax=2'],
    ['workerMin=20', 'workerMax=10'],
    ['reserve=0', ''],
    ['reserve=185', ''],
    ['appCores=25', ''],
  ])('refuses %s %s', (...assignments) => {
    expect(() => stackWith(...assignments.filter((text) => text !== ''))).toThrow(/options? /);
  });
});

describe('security of the bare-metal stack', () => {
  it('lets node exporters alone see their nodes, in a namespace that says why', () => {
    const privileged = applied.namespaces.filter(
      ({ metadata }) => metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted',
    );
    expect(privileged.map(({ metadata }) => metadata.name)).toEqual(['monitoring-nodes']);
    expect(privileged[0]?.metadata.annotations).toEqual({
      'plimsoll.dev/pod-security-exception': 'the node exporter reads /proc and /sys of its node',
    });
    const inside = applied.workloads.filter((workload) => namespaceOf(workload) === 'monitoring-nodes');
    expect(inside.map((workload) => refText(refOf(workload)))).toEqual([
      'DaemonSet monitoring-nodes/node-exporter',
    ]);
    expect(inside.flatMap(({ spec }) => violations(spec.template))).toEqual(['restrictedVolumes']);
  });

  it('lets the exporter list and watch nodes and pods, and nothing else', () => {
    const role = only(
      applied.clusterRoles.filter(({ metadata }) => metadata.name.endsWith('cluster-metrics')),
    );
    expect(role.rules).toEqual([{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] }]);
  });
});

describe('scaling of the bare-metal stack', () => {
  it('leaves the sizes to the autoscalers', () => {
    for (const name of ['sample-metrics-app', 'worker']) {
      const deployment = only(applied.deployments.filter(({ metadata }) => metadata.name === name));
      expect(deployment.spec).not.toHaveProperty('replicas');
    }
  });

  it('has the worker give way: a negative priority that pushes out nobody, and a short grace period', () => {
    expect(only(applied.priorityClasses)).toMatchObject({ value: -100, preemptionPolicy: 'Never' });
    const worker = only(applied.deployments.filter(({ metadata }) => metadata.name === 'worker'));
    expect(worker.spec.template.spec).toMatchObject({
      priorityClassName: 'opportunistic',
      terminationGracePeriodSeconds: 10,
    });
  });

  it.each([
    ['slots', { averageValue: '1', type: 'AverageValue' }, 'opportunistic_slots'],
    ['value', { value: '30k', type: 'Value' }, 'cpu_capacity_remaining'],
    ['document', { value: '30k', type: 'Value' }, 'cpu_capacity_remaining'],
  ])('follows with worker=%s the target %j of %s', (worker, target, name) => {
    const spec = autoscaler(inventoryOf(synthesize(stackWith(`worker=${worker}`))), 'worker')['spec'];
    const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'cluster-metrics' };
    expect(spec).toMatchObject({
      minReplicas: 15,
      maxReplicas: 150,
      metrics: [{ type: 'Object', object: { describedObject, metric: { name }, target } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    });
  });

  it('sets a tolerance only where Kubernetes knows it', () => {
    const behavior = (version: string) =>
      JSON.stringify(
        autoscaler(inventoryOf(synthesize(stackWith(`kubernetes=${version}`))), 'worker')['spec'],
      );
    expect(behavior('1.35.0')).toContain('"tolerance":"0"');
    expect(behavior('1.34.4')).not.toContain('tolerance');
  });

  it('probes what is counted as the document did, and otherwise paths that are not counted', () => {
    const probed = (counter: string) => {
      const { deployments } = inventoryOf(synthesize(stackWith(`counter=${counter}`)));
      const app = only(deployments.filter(({ metadata }) => metadata.name === 'sample-metrics-app'));
      const { readinessProbe, livenessProbe } = only(app.spec.template.spec.containers);
      return [readinessProbe, livenessProbe].map((probe) => [probe?.httpGet?.path, probe?.periodSeconds]);
    };
    expect(probed('all')).toEqual([
      ['/', 5],
      ['/', 5],
    ]);
    expect(probed('app')).toEqual([
      ['/readyz', 5],
      ['/healthz', 10],
    ]);
  });

  it('expects the numbers of the document', () => {
    expect(stack.scenario.expect).toMatchObject([
      { autoscaler: 'demo/sample-metrics-app', replicasAt: { '5m': 2, '10m42s': 17, '20m': 2 } },
      { autoscaler: 'opportunistic/worker', replicasAt: { '5m': 124, '10m42s': 64, '20m': 124 } },
    ]);
  });

  it.each([
    [['counter=all'], [{ '32m': 7 }, { '32m': 104 }]],
    [
      ['counter=all', 'appTarget=0.7'],
      [{ '26m': 2 }, { '26m': 124 }],
    ],
    [['worker=value'], [{ '36m': 2 }, { '36m': { atLeast: 121, atMost: 128 } }]],
  ])('expects with %j at the end %j', (assignments, ends) => {
    expect(stackWith(...assignments).scenario.expect.map(({ replicasAt }) => replicasAt)).toMatchObject(ends);
  });

  it('expects the naive loop to go on for ever, unless it is given a reserve at which it settles', () => {
    const turns = (...assignments: string[]) =>
      stackWith('worker=document', ...assignments).scenario.expect[1]?.directionChangesAtLeast;
    expect(turns()).toBe(10);
    expect(turns('reserve=60')).toBeUndefined();
  });
});

describe('the dashboard of the bare-metal stack', () => {
  const text = only(applied.configMaps.filter(({ metadata }) => metadata.name === 'grafana-dashboards')).data;

  it("has the document's five charts in today's series", () => {
    const json = text?.['plimsoll-bare-metal.json'] ?? '';
    for (const expression of [
      'cpu_capacity_remaining / 1000',
      String.raw`kube_pod_container_resource_requests{resource=\"cpu\",container=\"worker\"}`,
      String.raw`sum (kube_pod_container_resource_requests{resource=\"cpu\"}) - sum (`,
      'kube_deployment_status_replicas{',
      'irate(http_requests_total{',
    ]) {
      expect(json).toContain(expression);
    }
  });
});

describe('images of the bare-metal stack', () => {
  it('are all that its manifests name', () => {
    const named = new Set(stack.images.map(({ reference }) => reference));
    const used = [
      ...applied.workloads.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image)),
      ...applied.cronJobs.flatMap(({ spec }) =>
        spec.jobTemplate.spec.template.spec.containers.map(({ image }) => image),
      ),
      ...applied.prometheuses.map(({ spec }) => spec.image),
    ];
    expect(used.filter((image) => !named.has(image ?? ''))).toEqual([]);
  });
});

describe('any options of the bare-metal stack', () => {
  const anyOptions = fc.record({
    counter: fc.constantFrom('app' as const, 'all' as const),
    appTarget: fc.double({ min: 0.001, max: 100, noNaN: true }),
    appCores: fc.integer({ min: 1, max: 24 }),
    appMin: fc.integer({ min: 1, max: 5 }),
    appMax: fc.integer({ min: 5, max: 100 }),
    worker: fc.constantFrom('slots' as const, 'value' as const, 'document' as const),
    workerMin: fc.integer({ min: 1, max: 20 }),
    workerMax: fc.integer({ min: 20, max: 500 }),
    reserve: fc.integer({ min: 1, max: 184 }),
    scrapeInterval: fc.constantFrom('5s', '30s', '1m'),
    rateWindow: fc.constantFrom('2m', '5m', '10m'),
    metricsServer: fc.constantFrom('stack' as const, 'cluster' as const),
  });

  it('give objects of unique and valid names, and a scenario without contradictions', () => {
    fc.assert(
      fc.property(anyOptions, (chosen) => {
        const all = allObjects(synthesize(bareMetal.define(bareMetal.options.parse(chosen))));
        const refs = all.map(({ object }) => `${object.apiVersion} ${refText(refOf(object))}`);
        expect(new Set(refs).size).toBe(refs.length);
      }),
      { numRuns: 20 },
    );
  });
});
