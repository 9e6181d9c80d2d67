import fc from 'fast-check';
import { podMakers, prometheusWorkload } from '../../core/chain';
import { checkObjects } from '../../core/check';
import { Inventory, namespaceOf } from '../../core/kube/inventory';
import { refOf, refText } from '../../core/kube/object';
import { podRequests } from '../../core/kube/pod-requests';
import { allObjects, type Stack } from '../../core/model';
import { minikube } from '../../stacks/minikube';
import { stackFiles, synthesize } from '../../synth';
import { only } from '../constructs/render';
import { chosenStack, inventoryOf } from './fixture';

const PATHS = [variant('keda'), variant('adapter', 'path=adapter')];
const [byKeda, byAdapter] = PATHS.map(({ applied }) => applied);

function stackWith(...assignments: string[]): Stack {
  return chosenStack('minikube', ...assignments);
}

function variant(path: string, ...assignments: string[]) {
  const stack = stackWith(...assignments);
  const objects = synthesize(stack);
  return { path, stack, objects, applied: inventoryOf(objects) };
}

describe('the minikube stack', () => {
  it.each([
    ['keda', ['namespaces', 'operators', 'monitoring', 'workload', 'keda', 'autoscaling', 'load']],
    ['adapter', ['namespaces', 'operators', 'monitoring', 'workload', 'adapter', 'autoscaling', 'load']],
  ])('is applied in stages, by way of %s', (path, expected) => {
    const found = PATHS.find((one) => one.path === path);
    expect(found?.objects.stages.map(({ stage }) => stage)).toEqual(expected);
  });

  it.each(PATHS)('describes everything besides its stages as data, by way of $path', ({ stack }) => {
    const stages = stack.stages.map(({ name, summary, readyWhen }) => ({ name, summary, readyWhen }));
    // What KEDA's chart brings has tests of its own.
    const releases = stack.releases.map(({ provides, ...release }) => ({
      ...release,
      provides: provides.length,
    }));
    expect({ ...stack, stages, releases }).toMatchSnapshot();
  });

  it('installs KEDA or the adapter, because one of them owns the external metrics', () => {
    const owners = PATHS.map(({ objects }) =>
      new Inventory(allObjects(objects).map(({ object }) => object)).apiServices.map(({ metadata, spec }) => [
        metadata.name,
        spec.service?.namespace,
      ]),
    );
    expect(owners).toEqual([
      [['v1beta1.external.metrics.k8s.io', 'keda']],
      [['v1beta1.external.metrics.k8s.io', 'custom-metrics']],
    ]);
  });

  it('has a scaler and no size of its own, whichever way', () => {
    expect(byKeda?.horizontalPodAutoscalers).toEqual([]);
    expect(only(byKeda?.scaledObjects ?? []).spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'sb-api' },
      minReplicaCount: 2,
      maxReplicaCount: 10,
      triggers: [
        {
          type: 'prometheus',
          metadata: {
            serverAddress: 'http://prometheus.monitoring.svc:9090',
            query: 'sum (rate(http_server_requests_seconds_count{uri="/api"}[2m]))',
            threshold: '100',
          },
        },
      ],
    });
    expect(byAdapter?.scaledObjects).toEqual([]);
    expect(only(byAdapter?.horizontalPodAutoscalers ?? []).spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        {
          type: 'External',
          external: {
            metric: { name: 'access_frequency' },
            target: { type: 'AverageValue', averageValue: '100' },
          },
        },
      ],
    });
    for (const { applied } of PATHS) {
      const api = only(applied.deployments.filter(({ metadata }) => metadata.name === 'sb-api'));
      expect(api.spec).not.toHaveProperty('replicas');
    }
  });

  it('says what is wrong with options that cannot be together', () => {
    expect(() => stackWith('min=11')).toThrow('min: must not be above max');
    expect(() => stackWith('workers=7')).toThrow('requests: must be a multiple of workers');
    expect(() => stackWith('perWorker=200')).toThrow('perWorker: must not be above 100');
  });
});

describe('the chain of the minikube stack', () => {
  const checks = (...assignments: string[]) => {
    const { objects, stack } = variant('', ...assignments);
    return checkObjects(allObjects(objects), stack.cluster).map(
      ({ severity, check }) => `${severity} ${check}`,
    );
  };

  it.each([
    [[]],
    [['path=adapter']],
    [['networkPolicies=true']],
    [['path=adapter', 'networkPolicies=true']],
    [['emptyIsZero=false', 'threshold=0.5', 'min=1']],
    [['workers=13', 'perWorker=17', 'requests=39780']],
  ])('holds with options %j', (assignments) => {
    expect(checks(...assignments)).toEqual([]);
  });

  it.each([['keda'], ['adapter']])('is warned of the window of the document, by way of %s', (path) => {
    expect(checks(`path=${path}`, 'rateWindow=1m')).toEqual(['warning rate-window-tight']);
  });

  it.each([['keda'], ['adapter']])('is found broken by a window of one scrape, by way of %s', (path) => {
    expect(checks(`path=${path}`, 'rateWindow=30s')).toEqual(['error rate-window-too-short']);
  });
});

describe.each(PATHS)('security of the minikube stack, by way of $path', ({ applied, path }) => {
  it('has a namespace for each concern', () => {
    expect(applied.namespaces.map(({ metadata }) => metadata.name).sort()).toEqual(
      ['load-test', 'monitoring', 'sportsbook', path === 'keda' ? 'keda' : 'custom-metrics'].sort(),
    );
  });

  it('has Prometheus look for targets where the API is, and nowhere else', () => {
    const discovery = applied.roles.filter(({ metadata }) => metadata.name.endsWith('-discovery'));
    expect(discovery.map(namespaceOf)).toEqual(['sportsbook']);
  });
});

describe('KEDA in the minikube stack', () => {
  const release = only(PATHS[0]?.stack.releases.filter(({ name }) => name === 'keda') ?? []);

  it('comes with its connections open and before the ScaledObject', () => {
    expect(release).toMatchObject({ version: '2.20.2', before: 'autoscaling', namespace: 'keda' });
  });

  it('may change the namespace of the API and its own, and of the whole cluster what the chart cannot do without', () => {
    const provided = new Inventory(release.provides);
    const bound = provided.roleBindings.filter(({ roleRef }) => roleRef.name === 'keda-operator');
    expect(bound.map(namespaceOf).sort()).toEqual(['keda', 'sportsbook']);
    expect(provided.clusterRoleBindings.map(({ roleRef }) => roleRef.name)).toEqual([
      // Its kinds without a namespace, and where API services and webhooks say who signed its certificate.
      'keda-operator-minimal-cluster-role',
      'system:auth-delegator',
    ]);
  });
});

describe('the machine of the minikube stack', () => {
  /** What kubeadm's control plane and CoreDNS request: 750m and 170Mi; Calico 250m. Memory is what they use. */
  const SYSTEM = { cpu: 1000n, memory: 1500n };
  const NANOS_PER_MILLI = 1_000_000n;
  const NANOS_PER_MEBI = 1_000_000_000n * 1024n * 1024n;

  it.each(PATHS)(
    'has room beside the control plane and Calico for ten pods of the API, by way of $path',
    (one) => {
      const inventory = new Inventory(allObjects(one.objects).map(({ object }) => object));
      const prometheus = only(inventory.prometheuses);
      const made = [...podMakers(inventory), prometheusWorkload(prometheus)];
      const total = { cpu: SYSTEM.cpu, memory: SYSTEM.memory };
      for (const { metadata, spec } of made) {
        const pods = BigInt(metadata.name === 'sb-api' ? 10 : (spec.replicas ?? 1));
        const { cpu, memory } = podRequests(spec.template.spec);
        total.cpu += (pods * cpu) / NANOS_PER_MILLI;
        total.memory += (pods * memory) / NANOS_PER_MEBI;
      }
      expect(one.stack.cluster.nodes).toEqual([
        { role: 'control-plane', count: 1, cpu: '3', memory: '5Gi', pods: 110 },
      ]);
      expect(total.cpu).toBeLessThanOrEqual(3000n);
      expect(total.memory).toBeLessThanOrEqual(5n * 1024n);
    },
  );

  it.each([
    [[], []],
    [['networkPolicies=true'], ['--cni=calico']],
  ])('is what minikube is started with, options %j', (assignments, cni) => {
    const { stack, objects } = variant('', ...assignments);
    const script = stackFiles(stack, objects, { source: '..' }).get('minikube/install.sh')?.content ?? '';
    for (const option of [
      '--kubernetes-version=v1.35.1',
      '--cpus=3',
      '--memory=5120m',
      '--nodes=1',
      ...cni,
    ]) {
      expect(script).toContain(option);
    }
    expect(script.includes('--cni')).toBe(cni.length > 0);
  });
});

describe('what the minikube stack expects', () => {
  const sizesAt = (...assignments: string[]) =>
    only(stackWith(...assignments).scenario.expect).replicasAt?.['7m4s'];

  it.each([
    [['rateWindow=2m'], { atLeast: 3, atMost: 3 }],
    [['threshold=50'], { atLeast: 5, atMost: 6 }],
    [['max=2'], { atLeast: 2, atMost: 2 }],
    // As many as were there at first are left alone up to a tenth above the target.
    [['workers=11', 'perWorker=20', 'requests=39600'], { atLeast: 2, atMost: 3 }],
    [['workers=5', 'perWorker=43', 'requests=38700'], { atLeast: 2, atMost: 2 }],
    [['workers=17', 'perWorker=13', 'requests=39780'], { atLeast: 3, atMost: 3 }],
    // A load of three minutes is not seen in full over four.
    [['rateWindow=4m'], { atLeast: 2, atMost: 3 }],
  ])('with options %j', (assignments, expected) => {
    expect(sizesAt(...assignments)).toEqual(expected);
  });
});

describe('any options of the minikube stack', () => {
  const anyOptions = fc
    .record({
      path: fc.constantFrom('keda' as const, 'adapter' as const),
      threshold: fc.double({ min: 0.001, max: 1e4, noNaN: true }),
      min: fc.integer({ min: 1, max: 5 }),
      max: fc.integer({ min: 5, max: 100 }),
      scrapeInterval: fc.constantFrom('5s', '30s', '1m'),
      rateWindow: fc.constantFrom('1m', '2m', '10m'),
      emptyIsZero: fc.boolean(),
      networkPolicies: fc.boolean(),
      workers: fc.integer({ min: 1, max: 200 }),
      perWorker: fc.integer({ min: 1, max: 100 }),
      each: fc.integer({ min: 1, max: 10_000 }),
    })
    .map(({ each, ...rest }) => ({ ...rest, requests: each * rest.workers }));

  it('give objects of unique names, and a scenario without contradictions', () => {
    fc.assert(
      fc.property(anyOptions, (chosen) => {
        const all = allObjects(synthesize(minikube.define(minikube.options.parse(chosen))));
        const refs = all.map(({ object }) => `${object.apiVersion} ${refText(refOf(object))}`);
        expect(new Set(refs).size).toBe(refs.length);
      }),
      { numRuns: 20 },
    );
  });
});

describe('images of the minikube stack', () => {
  it.each(PATHS)('are all that its manifests name, by way of $path', ({ applied, stack }) => {
    const used = [
      ...podMakers(applied).flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image)),
      ...applied.prometheuses.map(({ spec }) => spec.image),
    ];
    const named = stack.images.map(({ reference }) => reference);
    expect([...new Set(used)].sort()).toEqual(
      named.filter((reference) => !reference.includes('config-reloader')).sort(),
    );
  });
});
