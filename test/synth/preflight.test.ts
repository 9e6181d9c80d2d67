import { parseObject } from '../../core/kube/object';
import { synthesize } from '../../synth';
import { preflightChecks } from '../../synth/preflight';
import { add, shop, withStages } from './fixture';
import { remoteShop } from './remote-fixture';

const checksOf = (stack: ReturnType<typeof remoteShop>) => preflightChecks(stack, synthesize(stack));

describe('preflight of a stack', () => {
  it('checks aggregation only for stacks that serve metrics through it', () => {
    expect(checksOf(remoteShop())).toContain('aggregation');
    const plain = withStages({ one: (chart) => void add(chart, 'a', 'v1', 'ConfigMap', { name: 'a' }) });
    expect(checksOf(plain)).not.toContain('aggregation');
  });

  it("asks for Kubernetes' own API versions, not for those that may come with the stack", () => {
    const stack = withStages({
      one: (chart) => {
        add(chart, 'a', 'v1', 'ConfigMap', { name: 'a', namespace: 'shop' });
        add(
          chart,
          'b',
          'networking.k8s.io/v1',
          'NetworkPolicy',
          { name: 'b', namespace: 'shop' },
          { podSelector: {} },
        );
        add(
          chart,
          'c',
          'keda.sh/v1alpha1',
          'ScaledObject',
          { name: 'c', namespace: 'shop' },
          { scaleTargetRef: { name: 'c' }, triggers: [{ type: 'prometheus', metadata: {} }] },
        );
        add(chart, 'd', 'cilium.io/v2', 'CiliumNetworkPolicy', { name: 'd', namespace: 'shop' });
      },
    });
    expect(checksOf(stack)).toContain('served networking.k8s.io/v1 v1');
  });

  it('asks for what the cluster was described with, but not what the Service of its DNS is called', () => {
    expect(checksOf(remoteShop()).filter((line) => line.startsWith('expected'))).toEqual([
      'expected service/metrics-server kube-system',
    ]);
  });

  it('looks for DNS servers where the policies of the stack let its pods ask', () => {
    const kubeSystem = { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } };
    const policy = (port: number, ...to: readonly object[]) => ({
      podSelector: {},
      egress: [{ to, ports: [{ protocol: 'UDP', port }] }],
    });
    const coreDns = { matchLabels: { 'k8s-app': 'kube-dns' } };
    const specs = [
      policy(53, { namespaceSelector: kubeSystem, podSelector: coreDns }),
      policy(53, { namespaceSelector: kubeSystem, podSelector: coreDns }),
      policy(53, { namespaceSelector: kubeSystem }),
      policy(53, { ipBlock: { cidr: '10.0.0.10/32' } }),
      policy(443, { namespaceSelector: kubeSystem, podSelector: { matchLabels: { a: 'b' } } }),
    ];
    const stack = withStages({
      one: (chart) => {
        specs.forEach((spec, index) => {
          const name = `p${index}`;
          add(chart, name, 'networking.k8s.io/v1', 'NetworkPolicy', { name, namespace: 'shop' }, spec);
        });
      },
    });
    expect(checksOf(stack).filter((line) => line.startsWith('answers_names'))).toEqual([
      'answers_names kube-system k8s-app=kube-dns',
      "answers_names kube-system ''",
    ]);
  });

  it('leaves out a namespace that Helm may have made, and no other', () => {
    const [crds] = shop.releases.filter(({ name }) => name === 'crds');
    if (!crds) throw new Error('the fixture has releases');
    const checks = (before: string) =>
      checksOf({
        ...withStages({
          first: (chart) => void add(chart, 'a', 'v1', 'Namespace', { name: 'monitoring' }),
          second: (chart) => void add(chart, 'b', 'v1', 'Namespace', { name: 'web' }),
        }),
        releases: [{ ...crds, before }],
      }).filter((line) => line.startsWith('own_namespace'));
    expect(checks('first')).toEqual(['own_namespace web']);
    expect(checks('second')).toEqual(['own_namespace monitoring', 'own_namespace web']);
  });

  it('asks whose the objects are that lie outside its namespaces', () => {
    const rbac = 'rbac.authorization.k8s.io/v1';
    const stack = withStages({
      one: (chart) => {
        add(chart, 'n', 'v1', 'Namespace', { name: 'shop' });
        add(chart, 'a', rbac, 'ClusterRole', { name: 'reader' });
        add(chart, 'b', rbac, 'RoleBinding', { name: 'web', namespace: 'shop' });
        add(chart, 'c', rbac, 'RoleBinding', { name: 'web-auth-reader', namespace: 'kube-system' });
      },
    });
    expect(checksOf(stack).filter((line) => line.startsWith('own_object'))).toEqual([
      'own_object clusterroles.rbac.authorization.k8s.io/reader -',
      'own_object rolebindings.rbac.authorization.k8s.io/web-auth-reader kube-system',
    ]);
  });

  it('needs Pod Security admission where namespaces ask for a level', () => {
    expect(checksOf(remoteShop())).toContain('pod_security');
    expect(checksOf({ ...shop, releases: [] })).not.toContain('pod_security');
  });

  it.each([
    [{ scaleUp: { tolerance: '0' } }, true],
    [{ scaleDown: { tolerance: '0.05' } }, true],
    [{ scaleUp: { stabilizationWindowSeconds: 30 } }, false],
    [undefined, false],
  ])('needs autoscalers to keep their tolerance: %j', (behavior, asked) => {
    const stack = withStages({
      one: (chart) => {
        add(
          chart,
          'a',
          'autoscaling/v2',
          'HorizontalPodAutoscaler',
          { name: 'a', namespace: 'shop' },
          {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' },
            maxReplicas: 3,
            ...(behavior ? { behavior } : {}),
          },
        );
      },
    });
    expect(checksOf(stack).includes('tolerance')).toBe(asked);
  });

  it('knows a release by its CRDs, APIServices and workloads', () => {
    const crd = parseObject(
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'scaledobjects.keda.sh' },
        spec: {
          group: 'keda.sh',
          scope: 'Namespaced',
          names: { kind: 'ScaledObject', plural: 'scaledobjects' },
          versions: [{ name: 'v1alpha1' }],
        },
      },
      'test',
    );
    const stack = remoteShop();
    const releases = stack.releases.map((release) => ({ ...release, provides: [...release.provides, crd] }));
    expect(checksOf({ ...stack, releases }).filter((line) => line.startsWith('plan_release keda'))).toEqual([
      'plan_release keda keda customresourcedefinition/scaledobjects.keda.sh - apiservice/v1beta1.external.metrics.k8s.io - deployment/keda-operator keda',
    ]);
  });

  it('asks for permission once a kind, and for cluster-scoped kinds alone', () => {
    const stack = withStages({
      one: (chart) => {
        add(chart, 'a', 'rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'a' });
        add(chart, 'b', 'rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'b' });
        add(chart, 'c', 'v1', 'ConfigMap', { name: 'c', namespace: 'shop' });
      },
    });
    expect(checksOf(stack).filter((line) => line.startsWith('may'))).toEqual([
      'may create clusterroles.rbac.authorization.k8s.io',
      'may patch clusterroles.rbac.authorization.k8s.io',
    ]);
  });
});
