import { podMakers } from '../../core/chain';
import { namespaceOf, type Inventory } from '../../core/kube/inventory';
import { refOf, refText } from '../../core/kube/object';
import { POD_SECURITY_EXCEPTION } from '../../constructs';
import { minorVersion } from '../../core/model';
import { stacks } from '../../stacks';
import { synthesize } from '../../synth';
import { chosenStack, inventoryOf } from './fixture';
import { violations } from './pod-security';

interface Expected {
  /** Options that between them bring every pod of the stack. */
  readonly variants: readonly (readonly string[])[];
  /** Namespace of Prometheus and its operator. */
  readonly monitoring: string;
  /** Deployments beside the adapter and the operator whose programs talk to the API server. */
  readonly callers?: readonly string[];
  readonly withoutAdapter?: true;
  /** Namespaces that are not restricted: each is a reason to think twice. */
  readonly privileged?: readonly string[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  kind: {
    variants: [[], ['backendMetrics=true', 'policySides=both', 'kubernetes=1.37.0']],
    monitoring: 'cilium-monitoring',
  },
  'bare-metal': {
    variants: [[], ['counter=all']],
    monitoring: 'monitoring',
    callers: ['cluster-metrics', 'kube-state-metrics', 'metrics-server'],
    privileged: ['monitoring-nodes'],
  },
  aks: { variants: [[], ['metric=cpu', 'kubernetes=1.37.0']], monitoring: 'prom-metrics' },
  minikube: { variants: [[]], monitoring: 'monitoring', withoutAdapter: true },
  'minikube with the adapter': { variants: [['path=adapter']], monitoring: 'monitoring' },
  'eks-fargate': {
    variants: [[], ['metric=cpu'], ['metric=envoy']],
    monitoring: 'monitoring-system',
    callers: ['metrics-server'],
  },
};

const CASES = Object.entries(EXPECTED).flatMap(([title, { variants, ...expected }]) => {
  const [name = ''] = title.split(' ');
  return variants.map((options) => {
    const stack = chosenStack(name, ...options);
    const applied = inventoryOf(synthesize(stack));
    return { name, options, kubernetes: stack.cluster.kubernetes, expected, applied };
  });
});

it('is told of every stack', () => {
  expect([...new Set(CASES.map(({ name }) => name))].sort()).toEqual(stacks.map(({ name }) => name).sort());
});

describe.each(CASES)('security of $name with $options', ({ kubernetes, applied, expected }) => {
  const { monitoring, callers = [], withoutAdapter, privileged = [] } = expected;
  const makers = podMakers(applied);
  const named = (objects: readonly { readonly metadata: { readonly name: string } }[]) =>
    objects.map(({ metadata }) => metadata.name).sort();

  const restricted = makers.filter((maker) => !privileged.includes(namespaceOf(maker)));

  it.each(restricted)('$kind $metadata.name stays within the restricted Pod Security level', ({ spec }) => {
    expect(violations(spec.template)).toEqual([]);
  });

  it.each(makers)(
    '$kind $metadata.name is limited, pinned, and cannot write its root file system',
    ({ spec }) => {
      for (const { resources, image, securityContext } of spec.template.spec.containers) {
        expect(Object.keys(resources?.requests ?? {}).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
        expect(Object.keys(resources?.limits ?? {}).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
        expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
        expect(securityContext).toHaveProperty('readOnlyRootFilesystem', true);
      }
    },
  );

  it.each(applied.workloads)('$kind $metadata.name is probed if it serves anything', ({ spec }) => {
    for (const { ports = [], readinessProbe, livenessProbe } of spec.template.spec.containers) {
      const served = ports.length > 0;
      expect([readinessProbe !== undefined, livenessProbe !== undefined]).toEqual([served, served]);
    }
  });

  it('hands a service account token only to what talks to the API', () => {
    const withToken = makers.filter(({ spec }) => spec.template.spec.automountServiceAccountToken !== false);
    const adapter = withoutAdapter ? [] : ['custom-metrics-apiserver'];
    expect(named(withToken)).toEqual([...adapter, ...callers, 'prometheus-operator'].sort());
    for (const account of applied.serviceAccounts) expect(account.automountServiceAccountToken).toBe(false);
  });

  it('is reachable inside the cluster only', () => {
    expect(new Set(applied.services.map(({ spec }) => spec.type))).toEqual(new Set(['ClusterIP']));
    expect(applied.ofKind('networking.k8s.io', 'Ingress')).toEqual([]);
  });

  it('denies all traffic by default in each of its namespaces', () => {
    const denied = applied.networkPolicies.filter(
      ({ spec }) => Object.keys(spec.podSelector ?? {}).length === 0 && !spec.ingress && !spec.egress,
    );
    expect(denied.map(namespaceOf).sort()).toEqual(named(applied.namespaces));
  });

  it('restricts its namespaces, but for those that say why not', () => {
    for (const { metadata } of applied.namespaces) {
      const excepted = privileged.includes(metadata.name);
      expect(metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': excepted ? 'privileged' : 'restricted',
        'pod-security.kubernetes.io/enforce-version': `v${minorVersion(kubernetes)}`,
      });
      expect(POD_SECURITY_EXCEPTION in (metadata.annotations ?? {})).toBe(excepted);
    }
  });

  it('makes nobody cluster-admin, and grants wildcards to the operator in its namespace only', () => {
    expect(wildcards(applied)).toEqual([`Role ${monitoring}/prometheus-operator`]);
    const bound = [...applied.clusterRoleBindings, ...applied.roleBindings].map(
      ({ roleRef }) => roleRef.name,
    );
    expect(bound).not.toContain('cluster-admin');
  });
});

function wildcards({ roles, clusterRoles }: Inventory): string[] {
  return [...roles, ...clusterRoles]
    .filter(({ rules }) =>
      rules?.some(({ verbs, resources = [], apiGroups = [] }) =>
        [...verbs, ...resources, ...apiGroups].includes('*'),
      ),
    )
    .map((role) => refText(refOf(role)));
}
