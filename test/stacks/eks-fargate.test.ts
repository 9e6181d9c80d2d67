import { fargateProfileOf } from '../../core/chain';
import { checkObjects } from '../../core/check';
import { commandLine } from '../../core/kube/command-line';
import { podLabels } from '../../core/kube/endpoints';
import { type Inventory, namespaceOf } from '../../core/kube/inventory';
import { refOf, refText } from '../../core/kube/object';
import { allObjects } from '../../core/model';
import { synthesize } from '../../synth';
import { only } from '../constructs/render';
import { appliedBy, chosenStack } from './fixture';

function stackWith(...assignments: string[]) {
  return chosenStack('eks-fargate', ...assignments);
}

function appliedWith(...assignments: string[]): Inventory {
  return appliedBy('eks-fargate', ...assignments);
}

const stack = stackWith();
const applied = appliedWith();
const withEnvoy = appliedWith('metric=envoy');
const VARIANTS = [
  [],
  ['metric=cpu'],
  ['metric=envoy'],
  ['min=2', 'max=4', 'target=5'],
  ['registry=registry.example.com:5000/team'],
];

describe('the eks-fargate stack', () => {
  it('describes everything besides its objects as data', () => {
    const stages = stack.stages.map(({ name, summary, readyWhen }) => ({ name, summary, readyWhen }));
    expect({ ...stack, stages }).toMatchSnapshot();
  });

  it('has the namespaces of the document, both restricted and closed', () => {
    expect(applied.namespaces.map(({ metadata }) => metadata.name)).toEqual(['demo', 'monitoring-system']);
    for (const { metadata } of applied.namespaces) {
      expect(metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'v1.35',
      });
    }
    const denied = applied.networkPolicies.filter(
      ({ spec }) => Object.keys(spec.podSelector ?? {}).length === 0 && !spec.ingress && !spec.egress,
    );
    expect(denied.map(namespaceOf).sort()).toEqual(['demo', 'monitoring-system']);
  });

  it('has podinfo on Fargate and everything else on the EC2 nodes', () => {
    const onFargate = withEnvoy.workloads.filter((workload) =>
      fargateProfileOf(stack.cluster, namespaceOf(workload), podLabels(workload)),
    );
    expect(onFargate.map((workload) => refText(refOf(workload)))).toEqual(['Deployment demo/podinfo']);
    for (const { spec } of withEnvoy.cronJobs) {
      const labels = spec.jobTemplate.spec.template.metadata?.labels ?? {};
      expect(fargateProfileOf(stack.cluster, 'demo', labels)).toBeUndefined();
    }
  });

  it('needs nothing of Fargate’s network: no NetworkPolicy of Cilium, no init container', () => {
    expect(withEnvoy.ciliumNetworkPolicies).toEqual([]);
    for (const { spec } of withEnvoy.workloads)
      expect(spec.template.spec).not.toHaveProperty('initContainers');
  });
});

describe('the chain of the eks-fargate stack', () => {
  it.each(VARIANTS.map((assignments) => ({ assignments })))(
    'holds with options $assignments, but for the certificate of metrics-server',
    ({ assignments }) => {
      const variant = stackWith(...assignments);
      const findings = checkObjects(allObjects(synthesize(variant)), variant.cluster);
      // It signs one for itself at every start.
      expect(findings.map(({ check, object, accepted }) => [check, refText(object), accepted])).toEqual([
        [
          'api-service-insecure',
          'APIService v1beta1.metrics.k8s.io',
          'metrics-server signs a new certificate at every start, as upstream installs it',
        ],
      ]);
    },
  );
});

describe('podinfo of the eks-fargate stack', () => {
  const deployment = (inventory: Inventory) =>
    only(inventory.deployments.filter(({ metadata }) => metadata.name === 'podinfo'));
  const containers = (inventory: Inventory) => deployment(inventory).spec.template.spec.containers;
  const service = (inventory: Inventory) =>
    only(inventory.services.filter(({ metadata }) => metadata.name === 'podinfo'));

  it('is probed by two commands every ten seconds, and counts both', () => {
    const [podinfo] = containers(applied);
    const [ready, live] = [podinfo?.readinessProbe, podinfo?.livenessProbe];
    expect(ready).toMatchObject({
      exec: { command: ['podcli', 'check', 'http', 'localhost:9898/readyz'] },
      periodSeconds: 10,
    });
    expect(live).toMatchObject({
      exec: { command: ['podcli', 'check', 'http', 'localhost:9898/healthz'] },
      periodSeconds: 10,
    });
  });

  it('leaves its size to the autoscaler', () => {
    expect(deployment(applied).spec).not.toHaveProperty('replicas');
  });

  it.each([
    [[], 'http', { type: 'Pods', pods: { metric: { name: 'http_requests_per_second' } } }],
    [
      ['metric=cpu'],
      'http',
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 90 } },
      },
    ],
    [['metric=envoy'], 'proxy', { type: 'Pods', pods: { metric: { name: 'envoy_requests_per_second' } } }],
  ])('with options %j: its Service leads to port %s', (assignments, port, metric) => {
    const variant = appliedWith(...assignments);
    expect(service(variant).spec.ports).toMatchObject([{ port: 80, targetPort: port }]);
    const autoscaler = only(variant.horizontalPodAutoscalers);
    expect(autoscaler).toMatchObject({ spec: { minReplicas: 1, maxReplicas: 10, metrics: [metric] } });
    expect(autoscaler).not.toHaveProperty('spec.behavior');
  });

  it('has Envoy beside it, and Prometheus scrape that, only if it is to count', () => {
    expect(containers(applied).map(({ name }) => name)).toEqual(['podinfo']);
    expect(containers(withEnvoy).map(({ name }) => name)).toEqual(['podinfo', 'envoy']);
    expect(applied.podMonitors.map(({ metadata }) => metadata.name)).toEqual(['podinfo']);
    expect(withEnvoy.podMonitors.map(({ metadata }) => metadata.name)).toEqual(['podinfo', 'envoy']);
  });
});

describe('metrics of the eks-fargate stack', () => {
  it('has rules for podinfo’s counter and for Envoy’s, whichever is used', () => {
    const rules = only(
      applied.configMaps.filter(({ metadata }) => metadata.name === 'custom-metrics-apiserver-config'),
    ).data?.['config.yaml'];
    expect(rules).toContain('seriesQuery: http_requests_total{namespace!="",pod!=""}');
    expect(rules).toContain('<<.LabelMatchers>>,envoy_cluster_name="inbound"}[1m])');
  });

  it('keeps samples for two hours', () => {
    expect(only(applied.prometheuses).spec).toMatchObject({ retention: '2h', scrapeInterval: '5s' });
  });

  it('has metrics-server on the port that Fargate leaves free', () => {
    const server = only(applied.deployments.filter(({ metadata }) => metadata.name === 'metrics-server'));
    const [container] = server.spec.template.spec.containers;
    expect(container?.ports).toMatchObject([{ containerPort: 10251 }]);
    expect(container && commandLine(container)).toContain('--secure-port=10251');
  });
});

describe('loads of the eks-fargate stack', () => {
  it('are those of the document, each started on demand', () => {
    const words = applied.cronJobs.map(({ metadata, spec }) => {
      const [container] = spec.jobTemplate.spec.template.spec.containers;
      return [metadata.name, spec.suspend, container && commandLine(container).join(' ')];
    });
    const url = 'http://podinfo.demo.svc:80';
    expect(words).toEqual([
      ['load-requests', true, `hey -z 10m -c 5 -q 5 -disable-keepalive ${url}`],
      ['load-tokens', true, `hey -z 10m -c 5 -q 5 -m POST -d test -disable-keepalive ${url}/token`],
    ]);
  });

  it.each([
    [[], 'demo/load-requests'],
    [['metric=cpu'], 'demo/load-tokens'],
    [['metric=envoy'], 'demo/load-requests'],
  ])('with options %j: the scenario runs %s', (assignments, cronJob) => {
    expect(stackWith(...assignments).scenario.runs).toEqual([{ cronJob, at: '5m' }]);
  });
});

describe('images of the eks-fargate stack', () => {
  it('are all that its manifests name, and the adapter is pushed to the registry', () => {
    const assignments = ['metric=envoy', 'registry=registry.example.com:5000/team'];
    const { images } = stackWith(...assignments);
    const variant = appliedWith(...assignments);
    const templates = [
      ...variant.workloads.map(({ spec }) => spec.template),
      ...variant.cronJobs.map(({ spec }) => spec.jobTemplate.spec.template),
    ];
    const used = [
      ...templates.flatMap(({ spec }) => spec.containers.map(({ image }) => image)),
      ...variant.prometheuses.map(({ spec }) => spec.image),
    ];
    const named = new Set<string | undefined>(images.map(({ reference }) => reference));
    expect(used.filter((image) => !named.has(image))).toEqual([]);
    expect(images[0]).toEqual({
      name: 'adapter',
      reference: 'registry.example.com:5000/team/plimsoll/adapter:0.1.0',
      build: 'apps/adapter',
    });
  });
});
