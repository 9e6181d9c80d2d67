import type { ClusterState } from '../../core/kube/cluster-state';
import { defineScenario, type ClusterDescriptor, type ScenarioInput, type Timeline } from '../../core/model';
import type * as catalogue from '../../core/workloads/catalogue';
import { bystander, type Program, type Setting } from '../../core/workloads/program';
import { rehearse } from '../../rehearsal';
import { clusterRoleBinding, serviceAccount } from '../support/chain';
import {
  appProgram,
  parseYaml,
  PLAIN_CHAIN,
  PLAIN_CLUSTER,
  playPlain,
  problemText,
  valuesOf,
} from './fixture';

/** Exports how many pods there are in each phase, and for each node of one how many. */
const WATCHER: Program = {
  ...bystander('watcher'),
  exposes: (port, path) => port === 8080 && path === '/metrics',
  gauges: ({ pods }) => {
    states.push({ nodes: [], pods });
    const phases = [...new Set(pods.map(({ phase }) => phase))];
    return phases.map((phase) => ({
      name: 'watched_pods',
      labels: { phase },
      value: pods.filter((pod) => pod.phase === phase && pod.namespace === 'shop').length,
    }));
  },
};
let states: ClusterState[] = [];

jest.mock('../../core/workloads/catalogue', () => {
  const real = jest.requireActual<typeof catalogue>('../../core/workloads/catalogue');
  return {
    ...real,
    programFor: (setting: Setting, ...rest: [Parameters<typeof real.programFor>[1]]) =>
      setting.container.image === 'example.org/watcher' ? WATCHER : real.programFor(setting, ...rest),
  };
});

beforeEach(() => {
  states = [];
});

/** The small chain with the watcher in the place of the app, scaled by what it exports of one phase. */
function watching(phase: string, access = clusterRoleBinding('watcher', 'watcher', 'watcher')) {
  return (yaml: string) =>
    [
      yaml
        .replace('image: example.org/app:1', 'image: example.org/watcher')
        .replace(
          'containers:\n        - name: app',
          'serviceAccountName: watcher\n      containers:\n        - name: app',
        )
        .replace('http_requests_total{namespace', `watched_pods{phase="${phase}",namespace`)
        .replace("{ matches: '^(.*)_total$', as: '${1}_per_second' }", '{ as: http_requests_per_second }')
        .replace(
          'sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m]))',
          'sum(<<.Series>>{<<.LabelMatchers>>,phase="' + phase + '"})',
        )
        .replaceAll('maxReplicas: 10', 'maxReplicas: 1'),
      serviceAccount('watcher').replace('namespace: monitoring', 'namespace: shop'),
      `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: watcher }
rules: [{ apiGroups: [''], resources: [nodes, pods], verbs: [list] }]`,
      access.replace('name: watcher, namespace: monitoring', 'name: watcher, namespace: shop'),
    ].join('\n---\n');
}

function pod(name: string, more: string): string {
  return `\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nspec:\n${more}`;
}

const SLEEPER = `  containers: [{ name: main, image: example.org/sleeper, resources: { requests: { cpu: 3 } } }]`;

describe('a program that watches the cluster', () => {
  const programs = [{ image: 'example.org/sleeper' }];

  it('exports what there is, at each scrape', () => {
    const outages = [{ workload: 'shop/sleeper', from: '3m', until: '6m' }];
    const timeline = playPlain(
      { programs, outages },
      (yaml) => watching('Running')(yaml) + pod('sleeper', SLEEPER),
    );
    const { atMs } = timeline.autoscalers[0]?.syncs ?? { atMs: [] };
    const at = (ms: number) => valuesOf(timeline, 'app')[atMs.findLastIndex((time) => time <= ms)];
    expect([at(170_000), at(300_000), at(590_000)]).toEqual([2, 1, 2]);
  });

  it('has series that come and go, without a value while there is nothing', () => {
    const outages = [{ workload: 'shop/sleeper', from: '3m', until: '10m' }];
    const tooLarge = SLEEPER.replace('cpu: 3', 'cpu: 30');
    const timeline = playPlain(
      { programs, outages },
      (yaml) => watching('Pending')(yaml) + pod('sleeper', tooLarge),
    );
    const { atMs } = timeline.autoscalers[0]?.syncs ?? { atMs: [] };
    const at = (ms: number) => valuesOf(timeline, 'app')[atMs.findLastIndex((time) => time <= ms)];
    expect([at(170_000), at(240_000)]).toEqual([1, null]);
  });

  it('sees a pod wait, have a node, run and end', () => {
    const once = `  restartPolicy: Never
  containers:
    - name: main
      image: plimsoll/load-test:1
      args: [sh, -c, 'echo "GET http://app/" | vegeta attack -rate=20 -duration=70s']`;
    const seen = (name: string) =>
      new Set(
        states.map(({ pods }) => {
          const found = pods.find((candidate) => candidate.name === name);
          return found && `${found.phase} ${found.node === undefined ? 'nowhere' : 'on a node'}`;
        }),
      );
    const scenario: Partial<ScenarioInput> = {
      programs,
      duration: '5m',
      pods: { scheduling: '20s', start: '20s' },
    };
    playPlain(scenario, (yaml) => watching('Running')(yaml) + pod('once', once));
    expect(seen('once')).toEqual(new Set(['Running on a node', 'Succeeded on a node']));
    states = [];
    playPlain(scenario, (yaml) => watching('Running')(yaml) + pod('huge', SLEEPER.replace('3', '30')));
    expect(seen('huge')).toEqual(new Set(['Pending nowhere']));
  });

  it('gives the room of a pod that has ended to others', () => {
    const once = `  restartPolicy: Never
  containers:
    - name: main
      image: plimsoll/load-test:1
      resources: { requests: { cpu: 4 } }
      args: [sh, -c, 'echo "GET http://app/" | vegeta attack -rate=20 -duration=70s']`;
    const names = ['first', 'second', 'third'];
    const timeline = playPlain(
      { programs: [appProgram()], duration: '5m' },
      (yaml) =>
        names
          .map((name) => pod(name, once))
          .join('')
          .slice(5) +
        '\n---\n' +
        yaml,
    );
    // Two nodes: the third runs when the first two have ended, and ends too.
    const waited = timeline.problems.filter(({ link, object }) => link === 'pods' && object.name === 'third');
    expect(waited.map(({ firstMs, lastMs }) => [firstMs, lastMs])).toEqual([[1000, 74_000]]);
    const completed = timeline.events.filter(({ reason }) => reason === 'Completed');
    expect(completed.map(({ object }) => object)).toEqual(names.map((name) => `Pod shop/${name}`));
  });

  it('is silent without the right to list nodes and pods', () => {
    const timeline = playPlain(
      { programs },
      watching('Running', clusterRoleBinding('watcher', 'none', 'watcher')),
    );
    expect(valuesOf(timeline, 'app').every((value) => value === null)).toBe(true);
    expect(problemText(timeline)).toContain(
      'scrape app: it exports nothing about the cluster: ServiceAccount shop/watcher may not list nodes, pods',
    );
  });

  it('is silent where policies keep it from the API server', () => {
    const closed = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: {}, policyTypes: [Egress] }`;
    const cluster: ClusterDescriptor = { ...PLAIN_CLUSTER, networkPolicyEnforced: true };
    const timeline: Timeline = rehearse({
      name: 'closed',
      objects: parseYaml(`${watching('Running')(PLAIN_CHAIN)}\n---${closed}`),
      cluster,
      scenario: defineScenario({ duration: '2m', noise: false }, 'test'),
    });
    expect(problemText(timeline)).toContain(
      'it exports nothing about the cluster: the API server cannot be reached: egress is blocked by NetworkPolicy shop/closed',
    );
    expect(states).toEqual([]);
  });
});
