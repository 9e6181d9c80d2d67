import type { Timeline } from '../../core/model';
import { client, finalReplicas, playPlain, problemText } from './fixture';

const IMAGE = 'image: example.org/app:1';
const CONTAINERS = 'containers:\n        - name: app';

/** The small chain, with something in the app's container and in its pod. */
function play({ container, pod }: { container?: string; pod?: string }, added = ''): Timeline {
  return playPlain(
    { duration: '2m' },
    (yaml) =>
      yaml
        .replace(IMAGE, `${IMAGE}${container === undefined ? '' : `\n          ${container}`}`)
        .replace(CONTAINERS, `${pod === undefined ? '' : `${pod}\n      `}${CONTAINERS}`) + added,
  );
}

function ready(timeline: Timeline): number | undefined {
  return timeline.workloads.find(({ name }) => name === 'app')?.ready.at(-1);
}

function object(kind: string, name: string): string {
  return `---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\n`;
}

describe('a pod that refers to what does not exist', () => {
  it.each<readonly [what: string, where: { container?: string; pod?: string }, words: string, kind: string]>([
    [
      'a ConfigMap as volume',
      { pod: 'volumes: [{ name: settings, configMap: { name: gone } }]' },
      'a pod does not start: MountVolume.SetUp failed for volume "settings" : configmap "gone" not found',
      'ConfigMap',
    ],
    [
      'a Secret as volume',
      { pod: 'volumes: [{ name: tls, secret: { secretName: gone } }]' },
      'a pod does not start: MountVolume.SetUp failed for volume "tls" : secret "gone" not found',
      'Secret',
    ],
    [
      'a ConfigMap as environment',
      { container: 'envFrom: [{ configMapRef: { name: gone } }]' },
      'a pod does not start: Error: configmap "gone" not found',
      'ConfigMap',
    ],
    [
      'a service account',
      { pod: 'serviceAccountName: gone' },
      'is forbidden: error looking up service account shop/gone: serviceaccount "gone" not found',
      'ServiceAccount',
    ],
  ])('does not start, and the reason is given: %s', (_, where, words, kind) => {
    const timeline = play(where);
    expect(ready(timeline)).toBe(0);
    expect(problemText(timeline)).toContain(words);
    const repaired = play(where, object(kind, 'gone'));
    expect(ready(repaired)).toBe(1);
    expect(problemText(repaired)).not.toContain('gone');
  });

  it('names the key that a ConfigMap lacks', () => {
    const reference = 'configMapKeyRef: { name: settings, key: mode }';
    const timeline = play(
      { container: `env: [{ name: MODE, valueFrom: { ${reference} } }]` },
      `${object('ConfigMap', 'settings')}data: { other: x }\n`,
    );
    expect(ready(timeline)).toBe(0);
    expect(problemText(timeline)).toContain("couldn't find key mode in ConfigMap shop/settings");
  });

  it('starts if the reference is optional, or to what every namespace has', () => {
    const optional = play({
      pod:
        'serviceAccountName: default\n      volumes: ' +
        '[{ name: a, secret: { secretName: gone, optional: true } }, { name: b, configMap: { name: kube-root-ca.crt } }]',
    });
    expect(ready(optional)).toBe(1);
  });

  it('is told in events, once for each pod', () => {
    const { events } = play({ pod: 'volumes: [{ name: settings, configMap: { name: gone } }]' });
    expect(events.filter(({ reason }) => reason === 'FailedMount')).toHaveLength(1);
  });

  it('of a Prometheus without service account nothing is made', () => {
    const timeline = playPlain({ duration: '2m' }, (yaml) =>
      yaml.replace('serviceAccountName: prometheus', 'serviceAccountName: missing'),
    );
    expect(problemText(timeline)).toContain(
      'no pod is made: pods "prometheus-main-0" is forbidden: error looking up service account monitoring/missing',
    );
  });
});

describe('a namespace that does not exist', () => {
  const monitoring = '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: monitoring }\n';

  it('takes no pods, where the objects bring other namespaces', () => {
    const timeline = play({}, monitoring);
    expect(finalReplicas(timeline, 'app')).toBe(0);
    expect(problemText(timeline)).toContain('pods app: no pod is made: namespaces "shop" not found');
  });

  it('is taken to exist where no object is a Namespace', () => {
    expect(ready(play({}))).toBe(1);
  });
});

describe('node selection', () => {
  it.each([
    ['nodeSelector', 'nodeSelector: { disk: ssd }'],
    [
      'required node affinity',
      'affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } }',
    ],
  ])('by %s is said not to be modelled', (what, pod) => {
    const timeline = play({ pod });
    expect(ready(timeline)).toBe(1);
    expect(problemText(timeline).match(/node selection is not modelled/g)).toHaveLength(1);
    expect(problemText(timeline)).toContain(what);
  });

  it('of what all nodes have is not mentioned', () => {
    const timeline = play({ pod: 'nodeSelector: { kubernetes.io/os: linux }' });
    expect(problemText(timeline)).not.toContain('node selection');
  });
});

describe('a client that sends nothing', () => {
  const broken = (yaml: string) => yaml.replace('path: /, port: http', 'path: /, port: 9999');

  it('misses nothing', () => {
    expect(problemText(playPlain({ clients: [client(0)] }, broken))).not.toContain('load ');
    expect(problemText(playPlain({ clients: [client(1)] }, broken))).toContain('no pod behind the Service');
  });

  it('misses something only while it sends', () => {
    const steps = [
      { at: '0s', rate: 0 },
      { at: '1m', rate: 5 },
      { at: '2m', rate: 0 },
    ];
    const { problems } = playPlain({ clients: [{ ...client(0), steps }] }, broken);
    const load = problems.filter(({ link }) => link === 'load');
    expect(load.map(({ firstMs, lastMs }) => [firstMs, lastMs])).toEqual([[60_000, 120_000]]);
  });
});

describe('a query without result', () => {
  it('is quoted', () => {
    const timeline = playPlain({ clients: [client(5)] }, (yaml) => yaml.replace('by (<<.GroupBy>>)', ''));
    expect(problemText(timeline)).toMatch(
      /metric http_requests_per_second: the query has no result for what is asked: sum\(rate\(http_requests_total\{namespace="shop",pod="app-[^"]*"\}\[1m\]\)\)/,
    );
  });
});

describe('an operator with a list of namespaces', () => {
  const watching = (namespaces: string) => (yaml: string) =>
    yaml.replace(
      "prometheus-operator:v0.93.0' }",
      `prometheus-operator:v0.93.0', args: ['--namespaces=${namespaces}'] }`,
    );

  it('makes no server of a Prometheus elsewhere', () => {
    const timeline = playPlain({ duration: '2m' }, watching('shop'));
    expect(problemText(timeline)).toContain('the operator does not watch namespace monitoring');
    expect(timeline.workloads.map(({ name }) => name)).not.toContain('prometheus-main');
  });

  it('gives Prometheus no monitors from elsewhere', () => {
    const scenario = { duration: '5m', clients: [client(5)] };
    const known = (namespaces: string) =>
      playPlain(scenario, watching(namespaces)).autoscalers[0]?.metrics[0]?.values.at(-1);
    expect(known('monitoring,shop')).toBeCloseTo(5, 0);
    expect(known('monitoring')).toBeNull();
  });
});
