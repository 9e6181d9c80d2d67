import fc from 'fast-check';
import { nodesOf, type ClusterContents } from '../../constructs/clusters/graph/nodes';
import { planOf, type PlannedNode } from '../../constructs/clusters/graph/plan';
import { reduced } from '../../constructs/clusters/graph/reduction';
import type { KubeObject } from '../../core/kube/object';
import type { HelmRelease } from '../../core/model';
import { parseOptions, stacks } from '../../stacks';
import { definitionsOf, synthesize } from '../../synth';

const object = (apiVersion: string, kind: string, name: string, rest: object = {}, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...rest,
});
const namespace = (name: string) => object('v1', 'Namespace', name);
const pods = (labels: Record<string, string>, spec: object = {}) => ({
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: 'main' }], ...spec } },
});
const release = (name: string, before: string): HelmRelease => ({
  ...{ name, before, namespace: 'system', chart: name, repository: 'https://charts', version: '1.0.0' },
  ...{ values: {}, provides: [] },
});

/** Contents from objects by stage. */
function contents(
  stages: Readonly<Record<string, readonly KubeObject[]>>,
  releases: ClusterContents['releases'] = [],
): ClusterContents {
  return {
    stages: Object.entries(stages).map(([stage, objects]) => ({
      stage,
      objects: objects.map((it) => ({
        object: it,
        origin: { stage, constructPath: `${stage}/${it.metadata.name}-${it.kind}` },
      })),
    })),
    releases,
  };
}

/** What each node needs, by logical names. */
function needs(given: ClusterContents): Record<string, string[]> {
  return Object.fromEntries(planOf(given).map((planned) => [planned.node.name, names(planned).sort()]));
}

function names({ needs: needed }: PlannedNode): string[] {
  return needed.map(({ name }) => name);
}

describe('the order of a cluster’s contents', () => {
  it('has a namespace before all that is in it', () => {
    expect(
      needs(contents({ base: [namespace('a'), namespace('b'), object('v1', 'ConfigMap', 'c', {}, 'a')] })),
    ).toEqual({
      'base/a-Namespace': [],
      'base/b-Namespace': [],
      'base/c-ConfigMap': ['base/a-Namespace'],
    });
  });

  it('has definitions and releases before objects of their kinds', () => {
    const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com', {
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names: { kind: 'Widget', plural: 'widgets' },
        versions: [{ name: 'v1' }],
      },
    });
    const given = contents(
      {
        one: [definition, object('example.com/v1', 'Widget', 'w')],
        two: [object('other.io/v1', 'Gadget', 'g')],
      },
      [{ release: release('gadgets', 'two'), definitions: ['gadgets.other.io'] }],
    );
    expect(needs(given)).toEqual({
      'one/widgets.example.com-CustomResourceDefinition': [],
      'one/w-Widget': ['one/widgets.example.com-CustomResourceDefinition'],
      'releases/gadgets': ['one/widgets.example.com-CustomResourceDefinition'],
      'two/g-Gadget': ['releases/gadgets'],
    });
  });

  it('has releases of one stage one after the other', () => {
    const given = contents({ one: [namespace('a')] }, [
      { release: release('network', 'one'), definitions: [] },
      { release: release('kinds', 'one'), definitions: [] },
    ]);
    expect(needs(given)).toEqual({
      'releases/network': [],
      'releases/kinds': ['releases/network'],
      'one/a-Namespace': ['releases/kinds'],
    });
  });

  it('has what pods cannot start without before them', () => {
    const workload = object(
      'apps/v1',
      'Deployment',
      'app',
      {
        spec: pods(
          { app: 'app' },
          {
            serviceAccountName: 'app',
            priorityClassName: 'low',
            volumes: [
              { name: 'config', configMap: { name: 'config' } },
              { name: 'maybe', secret: { secretName: 'maybe', optional: true } },
            ],
          },
        ),
      },
      'a',
    );
    const binding = object(
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      'app',
      {
        roleRef: { kind: 'Role', name: 'app' },
        subjects: [{ kind: 'ServiceAccount', name: 'app', namespace: 'a' }],
      },
      'a',
    );
    const policy = object(
      'networking.k8s.io/v1',
      'NetworkPolicy',
      'app',
      { spec: { podSelector: { matchLabels: { app: 'app' } } } },
      'a',
    );
    const result = needs(
      contents({
        base: [
          workload,
          namespace('a'),
          object('v1', 'ServiceAccount', 'app', {}, 'a'),
          object('v1', 'ConfigMap', 'config', {}, 'a'),
          object('v1', 'Secret', 'maybe', {}, 'a'),
          object('rbac.authorization.k8s.io/v1', 'Role', 'app', { rules: [] }, 'a'),
          binding,
          policy,
          object('scheduling.k8s.io/v1', 'PriorityClass', 'low', { value: 1 }),
        ],
      }),
    );
    expect(result['base/app-Deployment']).toEqual([
      'base/app-NetworkPolicy',
      'base/app-RoleBinding',
      'base/app-ServiceAccount',
      'base/config-ConfigMap',
      'base/low-PriorityClass',
    ]);
    expect(result['base/app-RoleBinding']).toEqual(['base/app-Role']);
  });

  it('has an adapter before its APIService, and that before the autoscalers that read it', () => {
    const service = object(
      'v1',
      'Service',
      'adapter',
      { spec: { selector: { app: 'adapter' }, ports: [{ port: 443 }] } },
      'a',
    );
    const api = (group: string) =>
      object('apiregistration.k8s.io/v1', 'APIService', `v1.${group}`, {
        spec: { group, version: 'v1', service: { name: 'adapter', namespace: 'a' } },
      });
    const hpa = object(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      'app',
      {
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' },
          metrics: [{ type: 'Pods' }],
        },
      },
      'a',
    );
    const result = needs(
      contents({
        all: [
          hpa,
          api('custom.metrics.k8s.io'),
          api('external.metrics.k8s.io'),
          service,
          object('apps/v1', 'Deployment', 'adapter', { spec: pods({ app: 'adapter' }) }, 'a'),
          object('apps/v1', 'Deployment', 'app', { spec: pods({ app: 'app' }) }, 'a'),
        ],
      }),
    );
    expect(result['all/v1.custom.metrics.k8s.io-APIService']).toEqual([
      'all/adapter-Deployment',
      'all/adapter-Service',
    ]);
    expect(result['all/app-HorizontalPodAutoscaler']).toEqual([
      'all/app-Deployment',
      'all/v1.custom.metrics.k8s.io-APIService',
    ]);
  });

  it('passes a stage when what is waited for is ready, and nothing else of it', () => {
    const result = needs(
      contents({
        one: [
          namespace('a'),
          object('v1', 'ConfigMap', 'c', {}, 'a'),
          object('apps/v1', 'Deployment', 'd', { spec: pods({ app: 'd' }) }, 'a'),
        ],
        two: [],
        three: [object('v1', 'ConfigMap', 'e', {}, 'a')],
      }),
    );
    expect(result['three/e-ConfigMap']).toEqual(['one/d-Deployment']);
  });

  it('names the circle where objects need each other', () => {
    const given = contents({
      one: [object('apps/v1', 'Deployment', 'd', { spec: pods({}, { serviceAccountName: 'late' }) }, 'a')],
      two: [object('v1', 'ServiceAccount', 'late', {}, 'a')],
    });
    expect(() => planOf(given)).toThrow(
      'objects need each other in a circle: Deployment a/d needs ServiceAccount a/late needs Deployment a/d',
    );
  });

  it.each(stacks.map((definition) => [definition.name, definition] as const))(
    'of stack %s has every object once, and no edge that others imply',
    (_, definition) => {
      const stack = definition.define(parseOptions(definition, []));
      const given = {
        stages: synthesize(stack).stages,
        releases: stack.releases.map((it) => ({ release: it, definitions: definitionsOf(it) })),
      };
      const plan = planOf(given);
      expect(plan.map(({ node }) => node.name).sort()).toEqual(
        nodesOf(given)
          .map(({ name }) => name)
          .sort(),
      );
      expect(new Set(plan.map(({ node }) => node.name)).size).toBe(plan.length);
      const reach = new Map<string, Set<string>>();
      for (const planned of plan) {
        const direct = names(planned);
        const through = new Set(direct.flatMap((name) => [...(reach.get(name) ?? [])]));
        expect(direct.filter((name) => through.has(name))).toEqual([]);
        reach.set(planned.node.name, new Set([...direct, ...through]));
      }
    },
  );
});

describe('the reduction of a graph', () => {
  const acyclic = fc
    .array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 })
    .map((pairs) => pairs.filter(([a, b]) => a > b));

  it('keeps what is reachable and has no edge too many', () => {
    fc.assert(
      fc.property(acyclic, (edges) => {
        const given = graph(edges);
        const result = reduced(given, String);
        for (const node of given.keys()) {
          const direct = [...(result.get(node) ?? [])];
          expect(closure(result, node)).toEqual(closure(given, node));
          for (const need of direct) {
            const others = direct.filter((other) => other !== need);
            expect(others.some((other) => closure(result, other).has(need))).toBe(false);
          }
        }
      }),
    );
  });

  it('has each node after what it needs', () => {
    fc.assert(
      fc.property(acyclic, (edges) => {
        const order = [...reduced(graph(edges), String).keys()];
        for (const [a, b] of edges) expect(order.indexOf(b)).toBeLessThan(order.indexOf(a));
      }),
    );
  });
});

function graph(edges: readonly (readonly [number, number])[]): Map<number, Set<number>> {
  const result = new Map(Array.from({ length: 12 }, (_, node) => [node, new Set<number>()]));
  for (const [a, b] of edges) result.get(a)?.add(b);
  return result;
}

function closure(given: ReadonlyMap<number, ReadonlySet<number>>, node: number): Set<number> {
  const found = new Set<number>();
  const open = [...(given.get(node) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(given.get(next) ?? []));
  }
  return found;
}
